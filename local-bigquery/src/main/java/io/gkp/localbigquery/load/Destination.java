package io.gkp.localbigquery.load;

import com.google.api.services.bigquery.model.Clustering;
import com.google.api.services.bigquery.model.RangePartitioning;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableReference;
import com.google.api.services.bigquery.model.TableSchema;
import com.google.api.services.bigquery.model.TimePartitioning;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.api.ApiJson;
import io.gkp.localbigquery.storage.Names;
import io.gkp.localbigquery.storage.Partition;
import io.gkp.localbigquery.storage.SchemaRules;
import io.gkp.localbigquery.storage.SchemaRules.Permission;
import java.math.BigInteger;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The table that a job writes to, and on what terms.
 *
 * @param template the table to create where there is none; its schema may be missing, and then the
 *     table must exist
 * @param partition the one that the job writes to; empty for the whole table
 * @param permissions what the job may do to the schema of a table that it appends to
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobConfigurationLoad">JobConfigurationLoad</a>
 */
public record Destination(
    Table template,
    WriteDisposition write,
    CreateDisposition create,
    Set<Permission> permissions,
    Optional<Partition> partition) {

  /** What becomes of the rows that the table has. */
  public enum WriteDisposition {
    WRITE_APPEND,
    WRITE_TRUNCATE,
    WRITE_EMPTY;

    static WriteDisposition of(String name, WriteDisposition otherwise) {
      return Disposition.of(WriteDisposition.class, name, otherwise);
    }
  }

  /** What becomes of a table that is not there. */
  public enum CreateDisposition {
    CREATE_IF_NEEDED,
    CREATE_NEVER;

    static CreateDisposition of(String name) {
      return Disposition.of(CreateDisposition.class, name, CREATE_IF_NEEDED);
    }
  }

  private static final class Disposition {
    private static <E extends Enum<E>> E of(Class<E> type, String name, E otherwise) {
      if (name == null || name.isEmpty()) {
        return otherwise;
      }
      try {
        return Enum.valueOf(type, name);
      } catch (IllegalArgumentException e) {
        if (name.equals("WRITE_TRUNCATE_DATA")) {
          throw ApiException.notImplemented(name);
        }
        throw ApiException.invalid("Invalid value for: " + name + " is not a valid value");
      }
    }
  }

  /** Throws {@code invalid} (400) for values or combinations that there are not. */
  public static Destination of(
      Table template,
      String write,
      WriteDisposition defaultWrite,
      String create,
      List<String> schemaUpdateOptions) {
    WriteDisposition disposition = WriteDisposition.of(write, defaultWrite);
    Set<Permission> permissions = EnumSet.noneOf(Permission.class);
    for (String option : schemaUpdateOptions == null ? List.<String>of() : schemaUpdateOptions) {
      permissions.add(
          switch (option) {
            case "ALLOW_FIELD_ADDITION" -> Permission.ADD;
            case "ALLOW_FIELD_RELAXATION" -> Permission.RELAX;
            default -> throw ApiException.invalid("Invalid schema update option: " + option);
          });
    }
    Optional<Partition> partition = Partition.of(template.getTableReference());
    template.setTableReference(Partition.whole(template.getTableReference()));
    if (partition.isPresent() && disposition == WriteDisposition.WRITE_EMPTY) {
      throw ApiException.notImplemented("WRITE_EMPTY of a partition");
    }
    if (!permissions.isEmpty()
        && disposition != WriteDisposition.WRITE_APPEND
        && partition.isEmpty()) {
      throw ApiException.invalid(
          "Schema update options should only be specified with WRITE_APPEND disposition, or with"
              + " WRITE_TRUNCATE disposition on a table partition.");
    }
    return new Destination(
        template, disposition, CreateDisposition.of(create), permissions, partition);
  }

  /** The same for the rows of a query. */
  public Destination ofResult() {
    Set<Permission> all = EnumSet.of(Permission.OMIT_IN_RESULT);
    all.addAll(permissions);
    return new Destination(template, write, create, all, partition);
  }

  public TableReference reference() {
    return template.getTableReference();
  }

  public boolean keepsRows() {
    return write != WriteDisposition.WRITE_TRUNCATE;
  }

  /** Whether nothing of the table stays but its name. */
  boolean replacesTable() {
    return !keepsRows() && partition.isEmpty();
  }

  /**
   * The table as it will be after the job.
   *
   * @param current the table as it is; empty where there is none
   * @param omitting whether fields of the table that the job does not name are no fault
   * @throws ApiException with the reason why the job cannot write there
   */
  public Table next(Optional<Table> current, boolean omitting) {
    if (current.isEmpty()) {
      if (create == CreateDisposition.CREATE_NEVER) {
        throw Names.tableNotFound(reference());
      }
      if (template.getSchema() == null) {
        throw ApiException.invalid("No schema specified on job or table.");
      }
      return ApiJson.copy(template);
    }
    Table table = current.get();
    if (table.getView() != null) {
      throw ApiException.invalid(Names.of(reference()) + " is a view: its rows cannot be written.");
    }
    boolean hasRows =
        table.getNumRows() != null && table.getNumRows().compareTo(BigInteger.ZERO) > 0;
    if (write == WriteDisposition.WRITE_EMPTY && hasRows) {
      throw ApiException.duplicate("Already Exists: Table " + Names.of(reference()));
    }
    checkPartitioning(table);
    return ApiJson.copy(table).setSchema(schema(table, omitting));
  }

  private TableSchema schema(Table table, boolean omitting) {
    if (template.getSchema() == null) {
      if (table.getSchema() == null) {
        throw ApiException.invalid("No schema specified on job or table.");
      }
      return table.getSchema();
    }
    if (replacesTable() || table.getSchema() == null) {
      return template.getSchema();
    }
    refuseDefaults(table.getSchema());
    Set<Permission> permitted = EnumSet.noneOf(Permission.class);
    permitted.addAll(permissions);
    if (omitting) {
      permitted.add(Permission.OMIT);
    }
    return SchemaRules.merge(reference(), table.getSchema(), template.getSchema(), permitted);
  }

  /** A column that the job leaves out would take its default value. */
  private void refuseDefaults(TableSchema schema) {
    for (TableFieldSchema field : schema.getFields()) {
      if (field.getDefaultValueExpression() != null
          && template.getSchema().getFields().stream()
              .noneMatch(given -> given.getName().equalsIgnoreCase(field.getName()))) {
        throw ApiException.notImplemented(
            "default values in jobs that append to a table (column " + field.getName() + ")");
      }
    }
  }

  private void checkPartitioning(Table table) {
    TimePartitioning time = template.getTimePartitioning();
    RangePartitioning range = template.getRangePartitioning();
    Clustering clustering = template.getClustering();
    boolean fits =
        (time == null
                || table.getTimePartitioning() != null
                    && Objects.equals(time.getField(), table.getTimePartitioning().getField())
                    && Objects.equals(time.getType(), table.getTimePartitioning().getType()))
            && (range == null || range.equals(table.getRangePartitioning()))
            && (clustering == null
                || table.getClustering() != null
                    && clustering.getFields().equals(table.getClustering().getFields()));
    if (!fits) {
      throw ApiException.invalid(
          "Incompatible table partitioning specification for table "
              + Names.of(reference())
              + ": the job's partitioning or clustering is not the table's.");
    }
  }
}
