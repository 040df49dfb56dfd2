package io.gkp.localbigquery.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/**
 * The DuckDB database in which everything lies: rows in the schema {@code rows}, what is known of
 * them in {@code meta}. What was committed survives {@code kill -9}.
 *
 * <p>DuckDB spills what does not fit in its memory to a folder beside the file. It opens no other
 * file and loads no extension.
 */
public final class Database implements AutoCloseable {
  private static final String FILE = "warehouse.duckdb";
  private static final String SPILL = "spill";

  /** Beside the Java heap and ZetaSQL's memory. Environment or system property. */
  private static final String MEMORY = "GKP_LOCAL_BIGQUERY_MEMORY";

  private static final String DEFAULT_MEMORY = "1GB";

  /** What rows of the past may take. Environment or system property. */
  private static final String TIME_TRAVEL = "GKP_LOCAL_BIGQUERY_TIME_TRAVEL";

  private static final String DEFAULT_PAST = "256MB";

  /** In memory they would take what queries need. */
  private static final String DEFAULT_PAST_IN_MEMORY = "32MB";

  private static final List<String> MACROS =
      List.of(
          "bq_interval_out(i) AS CASE WHEN i IS NOT NULL THEN"
              + " (datepart('year', i) * 12 + datepart('month', i)) || ' ' || datepart('day', i)"
              + " || ' ' || (datepart('hour', i) * 3600000000 + datepart('minute', i) * 60000000"
              + " + datepart('microsecond', i)) END",
          "bq_interval_in(t) AS to_months(CAST(split_part(t, ' ', 1) AS INTEGER))"
              + " + to_days(CAST(split_part(t, ' ', 2) AS INTEGER))"
              + " + to_microseconds(CAST(split_part(t, ' ', 3) AS BIGINT))");

  static {
    NativeLibrary.load();
  }

  private final DuckDBConnection root;
  private final boolean isDurable;

  private Database(DuckDBConnection root, boolean isDurable) {
    this.root = root;
    this.isDurable = isDurable;
  }

  /**
   * Opens the database in this directory, which nobody else may use, or makes one.
   *
   * @param macros for the SQL that others make, each as CREATE MACRO takes it
   */
  public static Database open(Path directory, List<String> macros) {
    return open(directory, directory.resolve(FILE).toString(), macros);
  }

  /**
   * A database that ends with the process.
   *
   * @param directory takes what does not fit in memory
   */
  public static Database inMemory(Path directory, List<String> macros) {
    return open(directory, "", macros);
  }

  private static Database open(Path directory, String file, List<String> macros) {
    refuseEarlierFormat(directory);
    // What a killed server had spilled is nobody's.
    Path spill = directory.resolve(SPILL);
    Durable.deleteTree(spill);
    Durable.createDirectory(spill);
    Properties properties = new Properties();
    properties.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
    properties.setProperty("autoinstall_known_extensions", "false");
    properties.setProperty("autoload_known_extensions", "false");
    try {
      DuckDBConnection root =
          (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:" + file, properties);
      Database database = new Database(root, !file.isEmpty());
      database.prepare(spill, macros);
      return database;
    } catch (SQLException e) {
      throw new UncheckedIOException(new IOException(new DatabaseException(e).getMessage(), e));
    }
  }

  private static void refuseEarlierFormat(Path directory) {
    if (Files.isDirectory(directory.resolve("datasets"))) {
      throw new UncheckedIOException(
          new IOException(
              "The data directory "
                  + directory
                  + " was written by an earlier version and cannot be read. Give another one, or"
                  + " delete it."));
    }
  }

  private void prepare(Path spill, List<String> macros) {
    try (Session session = session()) {
      session.execute("SET temp_directory = '" + spill.toString().replace("'", "''") + "'");
      String memory = memory();
      session.execute("SET memory_limit = '" + memory + "'");
      session.execute("SET threads = " + threads(memory));
      // These save half of the bytes and cost a third of the time of a load.
      session.execute("SET disabled_compression_methods = 'fsst,dict_fsst,zstd'");
      session.execute("SET TimeZone = 'UTC'");
      session.execute("SET enable_external_access = false");
      // One wait for the disk instead of one for each macro.
      session.transaction(
          () -> {
            session.execute("CREATE SCHEMA IF NOT EXISTS meta");
            session.execute("CREATE SCHEMA IF NOT EXISTS rows");
            Stream.concat(MACROS.stream(), macros.stream())
                .forEach(macro -> session.execute("CREATE OR REPLACE MACRO " + macro));
          });
    }
  }

  private static String memory() {
    return size(MEMORY).orElse(DEFAULT_MEMORY);
  }

  /** A size as DuckDB takes it. */
  private static Optional<String> size(String setting) {
    return Optional.ofNullable(System.getProperty(setting))
        .or(() -> Optional.ofNullable(System.getenv(setting)))
        .filter(size -> size.matches("[0-9]+(MB|GB|MiB|GiB)"));
  }

  /** How many logical bytes of rows may be kept that tables had in the past. */
  long mostPastBytes() {
    String size = size(TIME_TRAVEL).orElse(isDurable ? DEFAULT_PAST : DEFAULT_PAST_IN_MEMORY);
    long number = Long.parseLong(size.replaceAll("[^0-9]", ""));
    return number << (size.contains("G") ? 30 : 20);
  }

  /**
   * Threads of one query: one for each GB. Each sorts and joins what it holds in memory, and two in
   * 1 GB leave each other too little to spill with.
   *
   * @see <a href="https://duckdb.org/docs/stable/guides/performance/environment">Memory per
   *     thread</a>
   */
  private static long threads(String memory) {
    long number = Long.parseLong(memory.replaceAll("[^0-9]", ""));
    long gigabytes = memory.contains("G") ? number : number / 1000;
    return Math.max(1, Math.min(gigabytes, Runtime.getRuntime().availableProcessors()));
  }

  public Session session() {
    try {
      return new Session((DuckDBConnection) root.duplicate(), isDurable);
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  @Override
  public void close() {
    try {
      root.close();
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }
}
