package io.gkp.demo.workload;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The second act: one more day, with everything that can happen to a source table. */
public final class NextDay {
  /** The column that appears in {@code query_logs} at noon. */
  static final String NEW_COLUMN = "cache_hit";

  private static final int FEEDBACK_DAYS = 5;
  private static final double FEEDBACK_RATE = 0.25;

  private final Workload workload;
  private final Map<String, List<Row>> history;
  private final long noon;
  private final Chance chance;
  private final List<Change> changes = new ArrayList<>();

  public NextDay(Workload workload, Map<String, List<Row>> history, long seed) {
    this.workload = workload;
    this.history = history;
    this.noon = Rhythm.at(workload.nextDay(), 12, 0);
    this.chance = new Chance(seed, "next_day");
  }

  /**
   * Plays the day, one transaction after the other.
   *
   * @return what happened, in order, with the rows that Postgres counted
   */
  public List<Change> play(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    morning(connection);
    deployAtNoon(connection);
    feedback(connection);
    ingestion(connection);
    evaluation(connection);
    rollBack(connection);
    offboard(connection);
    connection.setAutoCommit(true);
    return List.copyOf(changes);
  }

  private void morning(Connection connection) throws SQLException {
    List<Row> rows =
        workload.nextDayQueries().stream().filter(row -> row.number("created_at") < noon).toList();
    long inserted = TableCopy.insert(connection, GkpTables.QUERY_LOGS, rows);
    connection.commit();
    changes.add(Change.inserted("questions until noon", GkpTables.QUERY_LOGS, inserted));
  }

  private void deployAtNoon(Connection connection) throws SQLException {
    execute(connection, "ALTER TABLE query_logs ADD COLUMN " + NEW_COLUMN + " BOOLEAN");
    connection.commit();
    changes.add(
        Change.invisible("new column " + NEW_COLUMN + " BOOLEAN at noon", GkpTables.QUERY_LOGS));

    long inserted = 0;
    for (Row row : workload.nextDayQueries()) {
      if (row.number("created_at") >= noon) {
        row.set(NEW_COLUMN, chance.happens(0.3));
        inserted += TableCopy.insert(connection, GkpTables.QUERY_LOGS, List.of(row));
        connection.commit();
      }
    }
    changes.add(
        Change.inserted(
            "questions after noon, a transaction each", GkpTables.QUERY_LOGS, inserted));
  }

  /** Small updates; the answers stay as they are, the long ones stored out of line among them. */
  private void feedback(Connection connection) throws SQLException {
    long since = Rhythm.at(workload.nextDay().minusDays(FEEDBACK_DAYS), 0, 0);
    List<String> liked = new ArrayList<>();
    List<String> disliked = new ArrayList<>();
    for (Row row : rows(GkpTables.QUERY_LOGS)) {
      boolean open = row.has("feedback", null) && row.has("status", "ok");
      boolean recent = row.number("created_at") >= since;
      boolean rated = recent && chance.happens(FEEDBACK_RATE);
      if (open && (rated || isLong(row)) && !leaving(row)) {
        (chance.happens(0.2) ? disliked : liked).add(row.text("query_id"));
      }
    }
    long updated =
        giveFeedback(connection, "up", liked) + giveFeedback(connection, "down", disliked);
    connection.commit();
    changes.add(Change.updated("feedback on earlier answers", GkpTables.QUERY_LOGS, updated));
  }

  private static long giveFeedback(Connection connection, String feedback, List<String> queries)
      throws SQLException {
    String sql = "UPDATE query_logs SET feedback = ? WHERE query_id = ANY (?)";
    return update(connection, sql, feedback, queries.toArray(new String[0]));
  }

  private void ingestion(Connection connection) throws SQLException {
    long finished =
        update(
            connection,
            "UPDATE ingestion_runs SET status = 'succeeded', finished_at = started_at + 1260,"
                + " objects_scanned = 5284, docs_changed = 312, docs_unchanged = 4972,"
                + " bytes_processed = 15204352 WHERE status = 'running'");
    connection.commit();
    changes.add(
        Change.updated("the running ingestion finished", GkpTables.INGESTION_RUNS, finished));

    long inserted =
        TableCopy.insert(connection, GkpTables.INGESTION_RUNS, workload.nextDayIngestions());
    connection.commit();
    changes.add(Change.inserted("new ingestion runs", GkpTables.INGESTION_RUNS, inserted));

    String old = rows(GkpTables.INGESTION_RUNS).get(0).text("run_id");
    long rekeyed =
        update(
            connection,
            "UPDATE ingestion_runs SET run_id = ? WHERE run_id = ?",
            "imported-" + old,
            old);
    connection.commit();
    changes.add(
        Change.rekeyed(
            "a primary key changed (delete + insert)", GkpTables.INGESTION_RUNS, rekeyed));
  }

  private void evaluation(Connection connection) throws SQLException {
    long inserted = TableCopy.insert(connection, GkpTables.EVAL_RUNS, workload.nextDayEvals());
    connection.commit();
    changes.add(Change.inserted("the night's eval runs", GkpTables.EVAL_RUNS, inserted));

    Row run = lastWithDetails();
    ObjectNode summary = Json.parseObject(run.text("summary_json"));
    int failed = Math.max(0, summary.get("failed").asInt() - 1);
    long corrected =
        update(
            connection,
            "UPDATE eval_runs SET summary_json = ? WHERE run_id = ?",
            EvalRuns.summary(summary.get("examples").asInt(), failed),
            run.text("run_id"));
    connection.commit();
    changes.add(
        Change.updated("an eval summary corrected by hand", GkpTables.EVAL_RUNS, corrected));
  }

  private Row lastWithDetails() {
    List<Row> runs = rows(GkpTables.EVAL_RUNS);
    return runs.stream()
        .filter(run -> run.number("include_details") == 1 && run.has("status", "succeeded"))
        .reduce((earlier, later) -> later)
        .orElseThrow();
  }

  private void rollBack(Connection connection) throws SQLException {
    update(connection, "UPDATE query_logs SET feedback = 'rolled back'");
    update(connection, "DELETE FROM eval_runs");
    connection.rollback();
    changes.add(
        Change.invisible("a transaction over every row, rolled back", GkpTables.QUERY_LOGS));
  }

  private void offboard(Connection connection) throws SQLException {
    String tenant = Tenant.LEAVING.id();
    long queries = update(connection, "DELETE FROM query_logs WHERE tenant_id = ?", tenant);
    long runs = update(connection, "DELETE FROM ingestion_runs WHERE tenant_id = ?", tenant);
    connection.commit();
    String story = "tenant " + tenant + " left, rows deleted";
    changes.add(Change.deleted(story, GkpTables.QUERY_LOGS, queries));
    changes.add(Change.deleted(story, GkpTables.INGESTION_RUNS, runs));
  }

  private List<Row> rows(String table) {
    return requireNonNull(history.get(table));
  }

  private static boolean leaving(Row row) {
    return row.has("tenant_id", Tenant.LEAVING.id());
  }

  private static boolean isLong(Row row) {
    return row.get("answer") != null && row.text("answer").length() > 5000;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long update(Connection connection, String sql, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      return statement.executeLargeUpdate();
    }
  }
}
