package io.gkp.connector.operations;

import io.gkp.bigquery.BigQueryClients;
import io.gkp.connector.bigquery.BigQueryDestination;
import io.gkp.connector.config.ExportConfig;
import io.gkp.connector.sharding.Shards;
import io.gkp.connector.source.Catalogue;
import io.gkp.connector.source.DefaultTables;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.connector.source.SourceErrors;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import io.gkp.offsets.ControlStore;
import io.gkp.offsets.Epochs;
import io.gkp.offsets.Ledger;
import io.gkp.offsets.ReplicationSlot;
import io.gkp.offsets.Requests;
import io.gkp.offsets.Runs;
import io.gkp.offsets.Shard;
import io.gkp.offsets.SnapshotChunks;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/** A connection to the source and an existing dataset, for a command of an operator. */
public final class BothSides implements AutoCloseable {
  private final ExportConfig whole;
  private final ExportConfig config;
  private final SourceDatabase database;
  private final Connection connection;
  private final BigQueryDestination destination;
  private final ControlStore store;

  private BothSides(
      ExportConfig whole,
      ExportConfig config,
      SourceDatabase database,
      Connection connection,
      BigQueryDestination destination) {
    this.whole = whole;
    this.config = config;
    this.database = database;
    this.connection = connection;
    this.destination = destination;
    this.store = destination.controlStore();
  }

  /**
   * @throws ExportException when either side cannot be reached, or the dataset does not exist
   */
  public static BothSides open(ExportConfig config) {
    return open(config, BigQueryDestination::open);
  }

  /**
   * The same for who is about to start a run: the dataset is created where it does not exist, as a
   * run does it.
   *
   * @throws ExportException when either side cannot be reached, or the dataset may not be created
   */
  public static BothSides openForRun(ExportConfig config) {
    return open(config, BigQueryDestination::check);
  }

  private static BothSides open(ExportConfig config, Consumer<BigQueryDestination> opening) {
    SourceDatabase database = new SourceDatabase(config.source());
    Connection connection = database.connect();
    try {
      ExportConfig existing = DefaultTables.existing(connection, config);
      BigQueryDestination destination =
          new BigQueryDestination(
              BigQueryClients.create(config.destination()),
              config.destination(),
              config.policyTags());
      opening.accept(destination);
      ExportConfig mine = mine(existing, destination);
      return new BothSides(existing, mine, database.of(mine.source()), connection, destination);
    } catch (SQLException e) {
      close(connection);
      throw SourceErrors.toFailure(config.source(), e);
    } catch (RuntimeException e) {
      close(connection);
      throw e;
    }
  }

  /** A command may be of one shard. */
  private static ExportConfig mine(ExportConfig whole, BigQueryDestination destination) {
    if (!whole.sharding().isOneOfSeveral()) {
      return whole;
    }
    Shards shards = new Shards(destination.controlStore(), whole, Clock.systemUTC());
    return shards.of(whole.shard(), shards.assignment());
  }

  /**
   * The same connection, for every shard; this one alone where there are none, or the command line
   * has named one.
   */
  public List<BothSides> shards() {
    Shards shards = new Shards(store, whole, Clock.systemUTC());
    if (config.sharding().isOneOfSeveral()) {
      return List.of(this);
    }
    return shards.all().stream().map(this::with).toList();
  }

  /**
   * The one shard that a command is for.
   *
   * @throws ExportException {@code USAGE} where there are several, and none was named
   */
  public BothSides one() {
    List<BothSides> shards = shards();
    if (shards.size() > 1) {
      throw new ExportException(
          Failure.USAGE,
          "The tables are divided into %s shards, and this is for one of them; nothing was changed."
              .formatted(shards.size()),
          "Name it: --shard 1/%1$s to --shard %1$s/%1$s; offsets shards says which has what."
              .formatted(shards.size()));
    }
    return shards.get(0);
  }

  /**
   * The same connection, for the shard that exports a table.
   *
   * @throws ExportException when the table is not captured
   */
  public BothSides of(String table) {
    return of(captured(table));
  }

  /** How the whole deployment is divided. */
  Shards division(Clock clock) {
    return new Shards(store, whole, clock);
  }

  /** The same connection, for the shard that exports a table. */
  BothSides of(TableName table) {
    return shards().stream()
        .filter(shard -> shard.config.source().tables().contains(table))
        .findFirst()
        .orElse(this);
  }

  private BothSides with(ExportConfig other) {
    return new BothSides(whole, other, database.of(other.source()), connection, destination);
  }

  ExportConfig config() {
    return config;
  }

  /** The one that a command is for; the first where there are none. */
  public Shard shard() {
    return config.shard();
  }

  SourceDatabase database() {
    return database;
  }

  Connection connection() {
    return connection;
  }

  BigQueryDestination destination() {
    return destination;
  }

  ControlStore store() {
    return store;
  }

  Ledger ledger() {
    return new Ledger(store, config.shard());
  }

  /** To read from; what is written by it would carry no run. */
  Epochs epochs() {
    return new Epochs(store, config.shard(), "none", null);
  }

  /** The same. */
  SnapshotChunks chunks() {
    return new SnapshotChunks(store, "none", null);
  }

  Runs runs() {
    return new Runs(store, config.sharding().isOneOfSeveral() ? config.shard() : null);
  }

  Requests requests() {
    return new Requests(store);
  }

  ReplicationSlot slot() {
    return new ReplicationSlot(connection, config.source().slot());
  }

  Catalogue catalogue() {
    return new Catalogue(
        database, destination.admission(config.source().protection().newColumns()));
  }

  /**
   * The captured table that an operator means.
   *
   * @throws ExportException {@code CONFIGURATION} when it is not captured
   */
  TableName captured(String text) {
    TableName table;
    try {
      table = TableName.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ExportException(
          Failure.USAGE, "--table: " + e.getMessage() + ".", "Name one captured table.");
    }
    if (!config.source().tables().contains(table)) {
      throw new ExportException(
          Failure.CONFIGURATION,
          "Table " + table + " is not captured; nothing was changed.",
          "Captured are "
              + String.join(
                  ", ", config.source().tables().stream().map(TableName::display).toList())
              + "; add it to --tables, and the next run takes its snapshot.");
    }
    return table;
  }

  ExportException failure(SQLException error) {
    return SourceErrors.toFailure(config.source(), error);
  }

  @Override
  public void close() {
    close(connection);
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // It is of no more use either way.
    }
  }
}
