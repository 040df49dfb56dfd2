package io.gkp.bench;

import java.util.List;
import java.util.Optional;

/**
 * What everybody reads.
 *
 * @param count changes, or rows of the table
 * @param sql writes the changes; nothing where a table is read
 * @param table what is read as it stands; empty for the stream
 */
record Workload(String name, long count, List<String> sql, Optional<String> table) {
  /** What a run takes when there is nothing to do. */
  static final String IDLE = "nothing to do";

  static final String EMPTY = "an empty table";

  /** Of four kilobytes. */
  private static final int LONG_ANSWER = 600;

  private static final int SHORT_ANSWER = 10;

  /** The order, its lines, their stock, a payment. */
  private static final int CHANGES_OF_AN_ORDER = 1 + 5 + 5 + 1;

  /**
   * @param n changes of the workload of narrow rows; of others so many that they take as long
   */
  static List<Workload> all(long n) {
    return List.of(
        changes(IDLE, 0),
        changes("narrow rows, 1,000 a transaction", n, loop(n / 1000, Schema.narrow(1000))),
        changes(
            "narrow rows, 1 a transaction",
            n / 4,
            loop(n / 4, "INSERT INTO narrow VALUES (nextval('ids'), i, i / 100.0, now(), 'note')")),
        changes(
            "updates, 5 a transaction",
            n / 2,
            loop(
                n / 10,
                "UPDATE stock SET ordered = ordered + 1"
                    + " WHERE item BETWEEN i % 1900 * 5 AND i % 1900 * 5 + 4")),
        changes("logs of 250 bytes, one transaction", n, Schema.queryLogs(SHORT_ANSWER, n)),
        changes(
            "logs of 250 bytes, 1,000 a transaction",
            2 * n,
            loop(2 * n / 1000, Schema.queryLogs(SHORT_ANSWER, 1000))),
        changes(
            "logs of 4 KiB, 100 a transaction",
            n / 20,
            loop(n / 2000, Schema.queryLogs(LONG_ANSWER, 100))),
        changes(
            "orders, 12 changes a transaction",
            n / 24 * CHANGES_OF_AN_ORDER,
            loop(n / 24, Schema.ORDER)),
        table(EMPTY, 0, "read_empty"),
        table("a table of narrow rows", 2 * n, "read_narrow"),
        table("a table of logs of 250 bytes", 2 * n, "read_logs"),
        table("a table of logs of 4 KiB", n / 10, "read_long_logs"));
  }

  /** Tables that are read as they stand. */
  static List<String> tables(long n) {
    return List.of(
        "CREATE TABLE read_empty (LIKE narrow INCLUDING ALL)",
        "CREATE TABLE read_narrow (LIKE narrow INCLUDING ALL)",
        "CREATE TABLE read_logs (LIKE query_logs INCLUDING ALL)",
        "CREATE TABLE read_long_logs (LIKE query_logs INCLUDING ALL)",
        Schema.narrow(2 * n).replace("INTO narrow", "INTO read_narrow"),
        Schema.queryLogs(SHORT_ANSWER, 2 * n).replace("INTO query_logs", "INTO read_logs"),
        Schema.queryLogs(LONG_ANSWER, n / 10).replace("INTO query_logs", "INTO read_long_logs"),
        "VACUUM ANALYZE");
  }

  private static Workload changes(String name, long count, String... sql) {
    return new Workload(name, count, List.of(sql), Optional.empty());
  }

  private static Workload table(String name, long count, String table) {
    return new Workload(name, count, List.of(), Optional.of(table));
  }

  private static String loop(long times, String statements) {
    return "DO $$ BEGIN FOR i IN 1.."
        + times
        + " LOOP "
        + statements
        + "; COMMIT; END LOOP; END $$";
  }

  /** The workload beside which another's figures are those of its changes alone. */
  String floor() {
    return table.isPresent() ? EMPTY : IDLE;
  }

  /** Whether rows are so long that compressing them takes most of the time. */
  boolean isWide() {
    return name.contains("4 KiB");
  }

  /** Whether each change is a transaction. */
  boolean isSingle() {
    return name.endsWith(" 1 a transaction");
  }

  boolean isFloor() {
    return name.equals(floor());
  }
}
