package io.gkp.bench;

import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.source.stream.Fence;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The server that everybody reads from, as it comes but for {@code wal_level}. */
final class Source implements AutoCloseable {
  /** Captured tables. */
  static final List<String> TABLES =
      List.of("narrow", "query_logs", "orders", "order_lines", "stock", "payments");

  /** Of those, and of a table of which one row tells that all has come. */
  static final String PUBLICATION = "bench_all";

  static final String END_TABLE = "bench_end";
  static final String DATABASE = "postgres";
  private static final String USER = "postgres";

  private final EmbeddedPostgres server;

  private Source(EmbeddedPostgres server) {
    this.server = server;
  }

  static Source start() throws IOException, SQLException {
    Source source =
        new Source(
            EmbeddedPostgres.builder()
                .setServerConfig("wal_level", "logical")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("max_wal_size", "8GB")
                .start());
    source.execute(
        Schema.SQL,
        "CREATE TABLE " + END_TABLE + " (at timestamptz)",
        "CREATE PUBLICATION "
            + PUBLICATION
            + " FOR TABLE "
            + END_TABLE
            + ", "
            + String.join(", ", TABLES));
    return source;
  }

  int port() {
    return server.getPort();
  }

  String url() {
    return "postgresql://" + USER + ":" + USER + "@127.0.0.1:" + port() + "/" + DATABASE;
  }

  /** Of a program of PostgreSQL. */
  List<String> arguments() {
    return List.of("-h", "127.0.0.1", "-p", Integer.toString(port()), "-U", USER, "-d", DATABASE);
  }

  /** How our own classes reach it. */
  static SourceConfig config(String url, String slot) {
    return SourceConfig.parse(
        url,
        null,
        slot,
        PUBLICATION,
        TABLES.stream().map(t -> new TableName("public", t)).toList());
  }

  void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  String query(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  void createSlot(String slot) throws SQLException {
    execute("SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
  }

  /** All that was committed is before this place; behind it follows a row of {@link #END_TABLE}. */
  Lsn end() throws SQLException, InterruptedException {
    try (Connection connection = connect()) {
      Lsn end = Fence.set(connection);
      connection.createStatement().execute("INSERT INTO " + END_TABLE + " VALUES (now())");
      return end;
    }
  }

  /** Passes over what a reader has read. */
  void advance(String slot) throws SQLException, InterruptedException {
    release(slot);
    execute("SELECT pg_replication_slot_advance('" + slot + "', pg_current_wal_flush_lsn())");
  }

  void dropSlot(String slot) throws SQLException, InterruptedException {
    release(slot);
    execute("SELECT pg_drop_replication_slot('" + slot + "')");
  }

  /** A reader that has ended holds its slot for a moment. */
  private void release(String slot) throws SQLException, InterruptedException {
    String active = "SELECT active FROM pg_replication_slots WHERE slot_name = '" + slot + "'";
    while (query(active).equals("t")) {
      Thread.sleep(20);
    }
  }

  String version() throws SQLException {
    return query("SHOW server_version");
  }

  void write(Workload workload) throws SQLException {
    List<String> statements = new ArrayList<>(List.of("SET synchronous_commit = off"));
    statements.addAll(workload.sql());
    statements.add("CHECKPOINT"); // nobody shall meet that of what was just written
    execute(statements.toArray(String[]::new));
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port() + "/" + DATABASE, USER, USER);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
