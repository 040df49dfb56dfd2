package io.gkp.sql.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The BigQuery policy tag that columns of each class of personal data get.
 *
 * @param byClass resource names, {@code
 *     projects/<p>/locations/<l>/taxonomies/<t>/policyTags/<tag>}, by class
 * @see <a href="https://cloud.google.com/bigquery/docs/column-level-security-intro">BigQuery:
 *     column-level access control</a>
 */
public record PolicyTags(Map<String, String> byClass) {
  /** Tags nothing. */
  public static final PolicyTags NONE = new PolicyTags(Map.of());

  private static final Pattern RESOURCE =
      Pattern.compile("projects/[^/]+/locations/[^/]+/taxonomies/[^/]+/policyTags/[^/]+");

  public PolicyTags {
    byClass = Map.copyOf(byClass);
  }

  /**
   * Reads {@code CLASS=RESOURCE,...}.
   *
   * @param known the classes that columns are marked with
   * @throws IllegalArgumentException naming everything that is wrong
   */
  public static PolicyTags parse(String text, Collection<String> known) {
    Map<String, String> tags = new TreeMap<>();
    Collection<String> problems = new ArrayList<>();
    for (String entry : text.strip().split("\\s*,\\s*")) {
      int equals = entry.indexOf('=');
      String name = equals < 0 ? entry : entry.substring(0, equals).strip();
      String resource = equals < 0 ? "" : entry.substring(equals + 1).strip();
      if (!known.contains(name)) {
        problems.add(
            "no column is marked with the class %s; there are %s"
                .formatted(name, String.join(", ", known)));
      } else if (!RESOURCE.matcher(resource).matches()) {
        problems.add(
            "the class "
                + name
                + " needs =projects/.../locations/.../taxonomies/.../policyTags/...");
      } else if (tags.put(name, resource) != null) {
        problems.add("the class " + name + " has two tags");
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    return new PolicyTags(tags);
  }

  /** The tag that the column is to have. */
  public Optional<String> of(Column column) {
    return column.pii().map(byClass::get);
  }
}
