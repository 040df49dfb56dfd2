package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.RangePartitioning;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableReference;
import com.google.api.services.bigquery.model.TableSchema;
import com.google.api.services.bigquery.model.TimePartitioning;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.api.ApiJson;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which schema may follow which.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/managing-table-schemas">Modifying table
 *     schemas</a>
 */
public final class SchemaRules {
  /** What a new schema may do to the fields that are there. */
  public enum Permission {
    /** New nullable or repeated fields. */
    ADD,
    /** REQUIRED becomes NULLABLE. */
    RELAX,
    /** To a type that holds all values of the old one. */
    WIDEN,
    /** Fields that the new schema does not name simply stay. */
    OMIT,
    /** As {@link #OMIT}, for the rows of a query, of which the errors speak otherwise. */
    OMIT_IN_RESULT
  }

  private static final Map<FieldType, Set<FieldType>> WIDER =
      Map.of(
          FieldType.INT64,
          EnumSet.of(FieldType.NUMERIC, FieldType.BIGNUMERIC, FieldType.FLOAT64),
          FieldType.NUMERIC,
          EnumSet.of(FieldType.BIGNUMERIC, FieldType.FLOAT64),
          FieldType.DATE,
          EnumSet.of(FieldType.DATETIME));

  private final TableReference table;
  private final Set<Permission> permissions;

  private SchemaRules(TableReference table, Set<Permission> permissions) {
    this.table = table;
    this.permissions = permissions;
  }

  /**
   * The schema that holds the table's fields and the provided ones, new ones last.
   *
   * @throws ApiException {@code invalid} where that takes more than is permitted
   */
  public static TableSchema merge(
      TableReference table,
      TableSchema existing,
      TableSchema provided,
      Set<Permission> permissions) {
    SchemaRules rules = new SchemaRules(table, permissions);
    return new TableSchema().setFields(rules.merge("", existing.getFields(), provided.getFields()));
  }

  static void checkReplacement(Table existing, Table next) {
    if (existing.getView() == null) {
      checkPartitions(partitions(existing), partitions(next));
    }
    if (existing.getSchema() != null && next.getSchema() != null && existing.getView() == null) {
      next.setSchema(
          merge(
              next.getTableReference(),
              existing.getSchema(),
              next.getSchema(),
              EnumSet.of(Permission.ADD, Permission.RELAX, Permission.WIDEN)));
    }
  }

  /** The rows of a table stay where they are. Clustering may change: it orders new rows. */
  private static void checkPartitions(String before, String after) {
    if (before.equals(after)) {
      return;
    }
    if (before.isEmpty()) {
      throw ApiException.invalid(
          "Cannot convert non partitioned/clustered table to partitioned/clustered table.");
    }
    throw ApiException.invalid(
        after.isEmpty()
            ? "Cannot convert partitioned/clustered table to non partitioned/clustered table."
            : "Cannot change partitioning spec for a partitioned table.");
  }

  /** What the table is partitioned by; empty where it is not. */
  private static String partitions(Table table) {
    TimePartitioning time = table.getTimePartitioning();
    RangePartitioning range = table.getRangePartitioning();
    if (range != null) {
      return range.getField() + " " + range.getRange();
    }
    if (time == null) {
      return "";
    }
    return time.getField() + " " + (time.getType() == null ? "DAY" : time.getType());
  }

  private List<TableFieldSchema> merge(
      String prefix, List<TableFieldSchema> existing, List<TableFieldSchema> provided) {
    List<TableFieldSchema> merged = new ArrayList<>();
    for (TableFieldSchema field : fields(existing)) {
      Optional<TableFieldSchema> counterpart = find(fields(provided), field.getName());
      if (counterpart.isPresent()) {
        merged.add(merge(prefix, field, counterpart.get()));
      } else if (permissions.contains(Permission.OMIT)) {
        merged.add(field);
      } else {
        throw mismatch("Field " + prefix + field.getName() + " is missing in new schema");
      }
    }
    for (TableFieldSchema field : fields(provided)) {
      if (find(fields(existing), field.getName()).isEmpty()) {
        merged.add(added(prefix, field));
      }
    }
    return merged;
  }

  private TableFieldSchema added(String prefix, TableFieldSchema field) {
    if (!permissions.contains(Permission.ADD)) {
      throw mismatch("Cannot add fields (field: " + prefix + field.getName() + ")");
    }
    if (mode(field).equals("REQUIRED")) {
      throw mismatch(
          "Cannot add required fields to an existing schema. (field: "
              + prefix
              + field.getName()
              + ")");
    }
    return field;
  }

  private TableFieldSchema merge(
      String prefix, TableFieldSchema existing, TableFieldSchema provided) {
    String name = prefix + existing.getName();
    FieldType before = FieldType.of(existing.getType());
    FieldType after = FieldType.of(provided.getType());
    boolean widens =
        permissions.contains(Permission.WIDEN)
            && WIDER.getOrDefault(before, Set.of()).contains(after);
    if (before != after && !widens) {
      throw mismatch(
          "Field "
              + name
              + " has changed type from "
              + before.apiName()
              + " to "
              + after.apiName());
    }
    boolean relaxes =
        permissions.contains(Permission.RELAX)
            && mode(existing).equals("REQUIRED")
            && mode(provided).equals("NULLABLE");
    if (!mode(existing).equals(mode(provided)) && !relaxes) {
      throw mismatch(
          "Field " + name + " has changed mode from " + mode(existing) + " to " + mode(provided));
    }
    TableFieldSchema merged = ApiJson.copy(provided).setName(existing.getName());
    if (merged.getDescription() == null) {
      merged.setDescription(existing.getDescription());
    }
    if (merged.getPolicyTags() == null) {
      merged.setPolicyTags(existing.getPolicyTags());
    }
    if (merged.getCollation() == null) {
      merged.setCollation(existing.getCollation());
    }
    if (!Objects.equals(merged.getCollation(), existing.getCollation())) {
      throw mismatch("Field " + name + " has changed collation, which cannot be altered");
    }
    if (after == FieldType.STRUCT) {
      merged.setFields(merge(name + ".", existing.getFields(), provided.getFields()));
    }
    return merged;
  }

  private ApiException mismatch(String what) {
    return ApiException.invalid(
        permissions.contains(Permission.OMIT_IN_RESULT)
            ? "Invalid schema update. " + what
            : "Provided Schema does not match Table " + Names.of(table) + ". " + what);
  }

  private static List<TableFieldSchema> fields(List<TableFieldSchema> fields) {
    return fields == null ? List.of() : fields;
  }

  private static Optional<TableFieldSchema> find(List<TableFieldSchema> fields, String name) {
    return fields.stream().filter(field -> field.getName().equalsIgnoreCase(name)).findFirst();
  }

  private static String mode(TableFieldSchema field) {
    return field.getMode() == null ? "NULLABLE" : field.getMode().toUpperCase(Locale.ROOT);
  }
}
