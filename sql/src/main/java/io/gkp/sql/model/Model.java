package io.gkp.sql.model;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A model as its folder holds it: {@code <layer>/<name>/model.yaml} and {@code query.sql}.
 *
 * @param optional models that it reads where they are there; those that are not have no rows
 * @param query GoogleSQL in which {@code {{name}}} stands for another model; null for a source
 */
public record Model(
    String name,
    Layer layer,
    Kind kind,
    String description,
    Grain grain,
    Set<String> optional,
    Layout layout,
    List<Column> columns,
    List<Check> checks,
    @Nullable String query) {
  private static final Pattern REFERENCE = Pattern.compile("\\{\\{\\s*([a-z0-9_]+)\\s*}}");

  /** The models that this one reads, in the order in which its query names them. */
  public Set<String> references() {
    Set<String> names = new LinkedHashSet<>();
    if (query != null) {
      Matcher matcher = REFERENCE.matcher(query);
      while (matcher.find()) {
        names.add(matcher.group(1));
      }
    }
    return names;
  }

  /** The declared checks, and the one that every unique key implies. */
  public List<Check> allChecks() {
    List<Check> all = new ArrayList<>();
    if (kind != Kind.SOURCE && !grain.key().isEmpty()) {
      all.add(Check.uniqueKey(grain.key()));
    }
    all.addAll(checks);
    return all;
  }
}
