package io.gkp.connector.mapping.schema;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.StandardSQLTypeName;
import java.util.List;
import java.util.Map;

/**
 * What has to happen to a raw table before rows of the source table's present shape can be loaded.
 *
 * @param added fields that the table lacks; all NULLABLE or REPEATED, so the load job itself can
 *     add them (ALLOW_FIELD_ADDITION)
 * @param widened fields whose type must be altered first
 * @param redirected columns whose field has a type that neither holds the values nor can be widened
 *     to; their values go to another field. To be reported, nothing to do
 * @param filled added fields whose column has a value in older rows, by its default, that no event
 *     brings. To be reported, nothing to do
 * @param altered what was changed at the source since a run last looked. To be reported, nothing to
 *     do
 * @param descriptions by field, the descriptions that must be written for the next run to know what
 *     this one has seen
 */
public record SchemaChanges(
    List<Field> added,
    List<Widening> widened,
    List<Redirection> redirected,
    List<String> filled,
    List<Alteration> altered,
    Map<String, String> descriptions) {
  public SchemaChanges {
    added = List.copyOf(added);
    widened = List.copyOf(widened);
    redirected = List.copyOf(redirected);
    filled = List.copyOf(filled);
    altered = List.copyOf(altered);
    descriptions = Map.copyOf(descriptions);
  }

  /** Whether there is anything to report. */
  public boolean isQuiet() {
    return isEmpty() && redirected.isEmpty() && altered.isEmpty();
  }

  /** Whether rows can be loaded into the table as it is. */
  public boolean isEmpty() {
    return added.isEmpty() && widened.isEmpty();
  }

  /**
   * {@code ALTER TABLE t ALTER COLUMN field SET DATA TYPE to}; loses nothing.
   *
   * @param field the field's name
   * @param from its type now
   * @param to its type afterwards
   */
  public record Widening(String field, StandardSQLTypeName from, StandardSQLTypeName to) {}

  /**
   * A change of type that BigQuery cannot follow in place.
   *
   * @param column the source column
   * @param field the field that keeps the older values
   * @param target the field that takes the values from now on
   */
  public record Redirection(String column, String field, String target) {}
}
