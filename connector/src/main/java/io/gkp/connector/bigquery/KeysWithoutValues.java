package io.gkp.connector.bigquery;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The question for rows of an epoch none of whose events is whole: since the key was last deleted,
 * neither a read nor an insert nor an update has brought all columns. Some of them may be known
 * from several events together; to read these rows once more does no harm.
 */
final class KeysWithoutValues {
  private KeysWithoutValues() {}

  /**
   * @param table in full
   * @param key names of the key's columns
   * @return GoogleSQL for the keys as text
   */
  static String sql(String table, List<String> key, long epoch, int most) {
    List<String> columns = key.stream().map(name -> "`" + name + "`").toList();
    return """
        WITH
          events AS (
            SELECT
              %s,
              _cdc_op,
              ARRAY_LENGTH(_cdc_unavailable) = 0 AS _cdc_is_whole,
              CAST(_cdc_batch AS NUMERIC) * 1000000000000 + _cdc_row AS _cdc_place
            FROM `%s`
            WHERE _cdc_epoch = %d
          ),
          truncated AS (
            SELECT
              COALESCE(MAX(_cdc_place), -1) AS _cdc_truncated
            FROM events
            WHERE _cdc_op = 't'
          ),
          rows_of_keys AS (
            SELECT
              %s,
              MAX(_cdc_place) AS _cdc_newest,
              COALESCE(MAX(IF(_cdc_op = 'd', _cdc_place, NULL)), -1) AS _cdc_deleted,
              COALESCE(MAX(IF(_cdc_op != 'd' AND _cdc_is_whole, _cdc_place, NULL)), -1) AS _cdc_whole
            FROM events
            CROSS JOIN truncated
            WHERE _cdc_op != 't'
              AND _cdc_place > _cdc_truncated
            GROUP BY
              %s
          )
        SELECT
          %s
        FROM rows_of_keys
        WHERE _cdc_newest > _cdc_deleted
          AND _cdc_whole <= _cdc_deleted
        LIMIT %d
        """
        .formatted(
            list(columns),
            table,
            epoch,
            list(columns),
            list(columns),
            columns.stream()
                .map(name -> "CAST(" + name + " AS STRING)")
                .collect(Collectors.joining(", ")),
            most);
  }

  private static String list(List<String> columns) {
    return String.join(", ", columns);
  }
}
