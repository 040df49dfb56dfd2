package io.gkp.connector.source.table;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a column is declared at the source. Kept in its field's description, where analysts see it,
 * and where the next run sees what has changed since.
 *
 * @param type as DDL has it, such as {@code numeric(10,2)}
 * @param hasDefault whether it has one, or is an identity or generated; not which: that may tell
 *     something about the rows
 * @param keyPosition its place in the key, from 1; 0 when it is not part of the key
 * @param number {@code attnum}: stays the same when the column is renamed, and is never given again
 *     to another column of the table
 */
public record ColumnDefinition(
    String name, String type, boolean notNull, boolean hasDefault, int keyPosition, int number) {
  /** How the export's part of a description begins; what is before comes from others. */
  public static final String START = "Postgres column \"";

  /** Stands behind the definition of a column whose field is not written to any more. */
  private static final String RETIRED = "; no longer written";

  private static final Pattern DESCRIPTION =
      Pattern.compile(
          START
              + "((?:[^\"]|\"\")*)\", (.*?)(, not null)?(, default)?(?:, key (\\d+))?, number (\\d+)"
              + "(?="
              + RETIRED
              + "|;|$)("
              + RETIRED
              + ")?",
          Pattern.DOTALL);

  ColumnDefinition outsideKey() {
    return new ColumnDefinition(name, type, notNull, hasDefault, 0, number);
  }

  public String describe() {
    return "Postgres column %s, %s%s%s%s, number %s"
        .formatted(
            Sql.quote(name),
            type,
            notNull ? ", not null" : "",
            hasDefault ? ", default" : "",
            keyPosition > 0 ? ", key " + keyPosition : "",
            number);
  }

  /** What a field's description says of the column that is written to it; empty for none. */
  public static Optional<ColumnDefinition> parse(String description) {
    return match(description).filter(text -> text.group(7) == null).map(ColumnDefinition::of);
  }

  /** The column whose values the described field holds, be they of today or of then. */
  public static Optional<String> column(String description) {
    return match(description).map(text -> of(text).name());
  }

  /** Whether the description says that no column is written to the field any more. */
  public static boolean isRetired(String description) {
    return match(description).filter(text -> text.group(7) != null).isPresent();
  }

  /** The description of a field that no column is written to any more. */
  public static String retired(String description) {
    return match(description)
        .map(
            text ->
                description.substring(0, text.end(6)) + RETIRED + description.substring(text.end()))
        .orElse(description);
  }

  private static Optional<Matcher> match(String description) {
    Matcher text = DESCRIPTION.matcher(description == null ? "" : description);
    return text.find() ? Optional.of(text) : Optional.empty();
  }

  private static ColumnDefinition of(Matcher text) {
    return new ColumnDefinition(
        text.group(1).replace("\"\"", "\""),
        text.group(2),
        text.group(3) != null,
        text.group(4) != null,
        text.group(5) == null ? 0 : Integer.parseInt(text.group(5)),
        Integer.parseInt(text.group(6)));
  }
}
