package io.gkp.localbigquery.sql.analysis;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.zetasql.ZetaSQLOptionsProto.AnalyzerOptionsProto;
import com.google.zetasql.ZetaSQLOptionsProto.AnalyzerOptionsProto.QueryParameterProto;
import com.google.zetasql.ZetaSQLType.TypeKind;
import io.gkp.localbigquery.sql.value.SqlTypes;
import io.gkp.localbigquery.storage.IngestionTime;
import java.util.List;
import java.util.Optional;

/**
 * Columns that a table has although its schema does not say so, and {@code *} leaves out.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/querying-partitioned-tables#query_an_ingestion-time_partitioned_table">Ingestion-time
 *     partitioned tables</a>
 */
public final class PseudoColumns {
  public static final String SUFFIX = "_TABLE_SUFFIX";

  private static final String TIME = "_PARTITIONTIME";
  private static final String DATE = "_PARTITIONDATE";

  private PseudoColumns() {}

  public static List<TableFieldSchema> of(Table table) {
    if (!IngestionTime.partitions(table)) {
      return List.of();
    }
    TableFieldSchema time = SqlTypes.field(TIME, SqlTypes.simple(TypeKind.TYPE_TIMESTAMP));
    String type = table.getTimePartitioning().getType();
    return type == null || type.equals("DAY")
        ? List.of(time, SqlTypes.field(DATE, SqlTypes.simple(TypeKind.TYPE_DATE)))
        : List.of(time);
  }

  public static boolean isOne(String name) {
    return name.equalsIgnoreCase(SUFFIX) || isOfPartition(name);
  }

  public static boolean isOfPartition(String name) {
    return name.equalsIgnoreCase(TIME) || name.equalsIgnoreCase(DATE);
  }

  /** The only one that a statement may write. */
  public static boolean isTimeOfPartition(String name) {
    return name.equalsIgnoreCase(TIME);
  }

  /** How DuckDB computes it; nothing where the name is no such column's. */
  public static Optional<String> sql(String name) {
    return switch (name) {
      case TIME -> Optional.of(IngestionTime.COLUMN);
      case DATE -> Optional.of("CAST(" + IngestionTime.COLUMN + " AS DATE)");
      default -> Optional.empty();
    };
  }

  /** For PARTITION BY. */
  static void declare(AnalyzerOptionsProto.Builder options) {
    options.addDdlPseudoColumns(
        QueryParameterProto.newBuilder()
            .setName(TIME)
            .setType(SqlTypes.simple(TypeKind.TYPE_TIMESTAMP)));
    options.addDdlPseudoColumns(
        QueryParameterProto.newBuilder()
            .setName(DATE)
            .setType(SqlTypes.simple(TypeKind.TYPE_DATE)));
  }
}
