package io.gkp.connector.documentation;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The JSON of a record: its components by reflection, what they mean from its Javadoc. */
final class RecordFields {
  private static final PropertyNamingStrategies.SnakeCaseStrategy SNAKE =
      new PropertyNamingStrategies.SnakeCaseStrategy();

  private RecordFields() {}

  /** A table of fields for the record, and one for each record that it holds. */
  static String tables(Class<?> root) {
    Deque<Class<?>> todo = new ArrayDeque<>(List.of(root));
    Set<Class<?>> seen = new LinkedHashSet<>();
    List<String> tables = new ArrayList<>();
    while (!todo.isEmpty()) {
      Class<?> record = todo.poll();
      if (seen.add(record)) {
        tables.add((record == root ? "" : "`" + name(record) + "`:\n\n") + table(record, todo));
      }
    }
    return String.join("\n\n", tables);
  }

  private static String table(Class<?> record, Deque<Class<?>> todo) {
    String javadoc = javadoc(record);
    return Arrays.stream(record.getRecordComponents())
        .map(
            component ->
                "| `%s` | %s | %s |"
                    .formatted(
                        field(component),
                        type(component.getGenericType(), todo),
                        meaning(javadoc, component.getName())))
        .collect(Collectors.joining("\n", "| field | type | meaning |\n|---|---|---|\n", ""));
  }

  private static String field(RecordComponent component) {
    JsonProperty given = component.getAccessor().getAnnotation(JsonProperty.class);
    return given != null && !given.value().isEmpty()
        ? given.value()
        : SNAKE.translate(component.getName());
  }

  private static String type(Type type, Deque<Class<?>> todo) {
    if (type instanceof ParameterizedType generic) {
      Type[] of = generic.getActualTypeArguments();
      if (generic.getRawType() == Map.class) {
        return "object of " + type(of[1], todo);
      }
      return generic.getRawType() == Optional.class
          ? type(of[0], todo) + " or null"
          : "array of " + type(of[0], todo);
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isRecord() && plain.getName().startsWith("io.gkp")) {
      if (plain.getRecordComponents().length == 1) {
        return type(plain.getRecordComponents()[0].getGenericType(), todo);
      }
      todo.add(plain);
      return "`" + name(plain) + "`";
    }
    if (plain == boolean.class || plain == Boolean.class) {
      return "boolean";
    }
    if (plain == Instant.class) {
      return "time";
    }
    return plain.isPrimitive() || Number.class.isAssignableFrom(plain) || plain == Duration.class
        ? "number"
        : "string";
  }

  private static String name(Class<?> record) {
    return SNAKE.translate(record.getSimpleName());
  }

  /** What the Javadoc says of it; where a name says all, the name in words. */
  private static String meaning(String javadoc, String component) {
    Matcher param =
        Pattern.compile("(?s)@param " + component + "\\s+(.*?)(?=\\n\\s*@param|\\z)")
            .matcher(javadoc);
    return param.find()
        ? param
            .group(1)
            .replaceAll("\\{@(?:code|link) #?([^}]*)}", "`$1`")
            .replaceAll("\\s+", " ")
            .replace("|", "\\|")
            .strip()
        : SNAKE.translate(component).replace('_', ' ');
  }

  /** The comment before the record's declaration, without its stars. */
  private static String javadoc(Class<?> record) {
    Class<?> outer = record;
    while (outer.getEnclosingClass() != null) {
      outer = outer.getEnclosingClass();
    }
    String path = outer.getName().replace('.', '/') + ".java";
    for (String module : List.of("connector", "sql", "offsets", "contract", "bigquery")) {
      Path file = Pages.TOP.resolve(module).resolve("src/main/java").resolve(path);
      if (Files.exists(file)) {
        Matcher comment =
            Pattern.compile(
                    "(?s)/\\*\\*((?:(?!\\*/).)*)\\*/(?:\\s*@[^\\n]*)*\\s*(?:public |private |static )*record "
                        + record.getSimpleName()
                        + "\\b")
                .matcher(Pages.read(file));
        return comment.find() ? comment.group(1).replaceAll("(?m)^\\s*\\* ?", " ") : "";
      }
    }
    return "";
  }
}
