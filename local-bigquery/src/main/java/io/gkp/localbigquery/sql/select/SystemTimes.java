package io.gkp.localbigquery.sql.select;

import com.google.api.services.bigquery.model.Table;
import com.google.protobuf.Message;
import com.google.zetasql.ResolvedTableScanProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.statement.Relation;
import io.gkp.localbigquery.sql.statement.TableName;
import java.time.Instant;
import java.util.Map;

/**
 * FOR SYSTEM_TIME AS OF. Of a table the last state is kept, and no earlier one: what asks for that
 * is answered, all else is refused before anything runs.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/access-historical-data">Historical data</a>
 */
public final class SystemTimes {
  private SystemTimes() {}

  /**
   * @param tables by the names that the statement has for them
   * @throws ApiException {@code invalidQuery} for a time when there was no table, or none yet;
   *     {@code notImplemented} for one before the table's last change
   */
  static void check(Message statement, Map<String, Relation> tables, Constants constants) {
    for (var scan : Trees.all(statement, ResolvedTableScanProto.class)) {
      if (scan.hasForSystemTimeExpr()
          && tables.get(scan.getTable().getName()) instanceof Relation.Stored stored) {
        Instant time =
            constants
                .evaluate(Trees.unwrap(scan.getForSystemTimeExpr()))
                .map(constant -> (Instant) constant.value())
                .orElseThrow(
                    () -> ApiException.notImplemented("FOR SYSTEM_TIME AS OF this expression"));
        check(stored.table(), time.toEpochMilli());
      }
    }
  }

  /**
   * @param millis since 1970
   * @throws ApiException as {@link #check(Message, Map, Constants)}
   */
  public static void check(Table table, long millis) {
    if (millis > System.currentTimeMillis()) {
      throw invalid(table, millis, "Cannot read in the future.");
    }
    if (millis < table.getCreationTime()) {
      throw invalid(table, millis, "Cannot read before " + table.getCreationTime() + ".");
    }
    if (millis < table.getLastModifiedTime().longValueExact()) {
      throw ApiException.notImplemented(
          "FOR SYSTEM_TIME AS OF a time before the last change of "
              + TableName.display(table.getTableReference()));
    }
  }

  private static ApiException invalid(Table table, long millis, String why) {
    String name = TableName.display(table.getTableReference());
    return ApiException.invalidQuery(
        "Invalid snapshot time %d for Table %s@%d. %s".formatted(millis, name, millis, why));
  }
}
