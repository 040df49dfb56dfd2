package io.gkp.connector.verify;

import io.gkp.connector.source.table.SourceColumn;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A part of a table's keys: those whose MD5, salted with the run, is small enough. Both sides can
 * tell whether a key is in it, so that rows that the source lacks are found among it, too; and each
 * run takes another part. {@code TABLESAMPLE} gives blocks of rows that nobody can name.
 *
 * @param share of all keys, more than 0 and at most 1
 */
public record Sample(double share) {
  private static final int DIGITS = 7;

  /** Types whose text is the same on both sides. */
  private static final Set<String> SAME_TEXT =
      Set.of("int2", "int4", "int8", "text", "varchar", "uuid");

  /**
   * @param text such as {@code 1%} or {@code 0.01}
   * @throws ExportException {@code USAGE}
   */
  public static Sample parse(String text) {
    try {
      boolean percent = text.strip().endsWith("%");
      BigDecimal number = new BigDecimal(text.strip().replaceFirst("%$", ""));
      double share = (percent ? number.movePointLeft(2) : number).doubleValue();
      if (share > 0 && share <= 1) {
        return new Sample(share);
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new ExportException(
        Failure.USAGE,
        "--sample: expected a share of the rows, such as 1% or 0.01.",
        "Give one that is more than 0% and at most 100%.");
  }

  /** Whether the warehouse can tell which of its rows belong to the sample. */
  boolean isKnownToBoth(List<SourceColumn> key) {
    return key.stream()
        .allMatch(
            column ->
                column.protection().isNone()
                    && column.type().isBuiltIn()
                    && SAME_TEXT.contains(column.type().name()));
  }

  /**
   * The rows of a source table that belong to it, as an expression of Postgres.
   *
   * @param salt letters, digits and dashes
   */
  public String inPostgres(SourceTable table, String salt) {
    String text =
        key(table).stream()
            .map(column -> TableName.quote(column.name()) + "::text")
            .collect(Collectors.joining(", "));
    return "left(md5(convert_to(concat_ws('/', '%s', %s), 'UTF8')), %d) COLLATE \"C\" < '%s'"
        .formatted(salt, text, DIGITS, limit());
  }

  /**
   * The same rows, in GoogleSQL.
   *
   * @param fields of the key, quoted
   */
  String inBigQuery(List<String> fields, String salt) {
    String text =
        fields.stream()
            .map(field -> ", '/', CAST(" + field + " AS STRING)")
            .collect(Collectors.joining());
    return "SUBSTR(TO_HEX(MD5(CONCAT('%s'%s))), 1, %d) < '%s'"
        .formatted(salt, text, DIGITS, limit());
  }

  private String limit() {
    long all = 1L << (4 * DIGITS);
    // One digit more than the numbers have is greater than all of them.
    return share == 1 ? "g" : "%07x".formatted((long) Math.ceil(share * all));
  }

  static List<SourceColumn> key(SourceTable table) {
    return table.columns().stream()
        .filter(SourceColumn::isKey)
        .sorted(java.util.Comparator.comparingInt(SourceColumn::keyPosition))
        .toList();
  }
}
