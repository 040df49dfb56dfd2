package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.Dataset;
import com.google.api.services.bigquery.model.Routine;
import com.google.api.services.bigquery.model.RoutineReference;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableReference;
import com.google.api.services.bigquery.model.TableSchema;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.api.ApiJson;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Datasets, tables, views and their rows, persistent and safe for concurrent use.
 *
 * <p>Metadata are the REST API's own model classes ({@link Table#getSchema()}, {@link
 * Table#getView()}, partitioning, clustering, labels ...), so that nothing a client sent is lost.
 *
 * <p>A row is an {@code Object[]} in schema order. Values by field type, {@code null} for NULL:
 * STRING, JSON, GEOGRAPHY, INTERVAL and RANGE as {@link String} (JSON as its compact text); INT64
 * as {@link Long}; FLOAT64 as {@link Double}; BOOL as {@link Boolean}; NUMERIC and BIGNUMERIC as
 * {@link java.math.BigDecimal}; BYTES as {@code byte[]}; DATE as {@link java.time.LocalDate}; TIME
 * as {@link java.time.LocalTime}; DATETIME as {@link java.time.LocalDateTime}; TIMESTAMP as {@link
 * java.time.Instant} (microseconds); a REPEATED field as {@code List<Object>} (never null, no null
 * elements); STRUCT as {@code Object[]}.
 *
 * <p>Every method that changes something returns only once the change would survive {@code kill -9}
 * of this process, and a change is seen whole or not at all. Changes of one dataset take turns;
 * readers see the rows as they were when they started.
 */
public final class Warehouse {
  /** A reader may meet a table that was replaced after it had looked up where the rows lie. */
  private static final int MOST_LOOKUPS = 5;

  private record Key(String project, String dataset) implements Comparable<Key> {
    static Key of(TableReference table) {
      return new Key(table.getProjectId(), table.getDatasetId());
    }

    @Override
    public int compareTo(Key other) {
      int byProject = project.compareTo(other.project);
      return byProject != 0 ? byProject : dataset.compareTo(other.dataset);
    }
  }

  private final Database database;
  private final RowTables rowTables;
  private final TimeTravel timeTravel;
  private final Map<Key, StoredDataset> datasets = new ConcurrentSkipListMap<>();

  private Warehouse(Database database, RowTables rowTables, TimeTravel timeTravel) {
    this.database = database;
    this.rowTables = rowTables;
    this.timeTravel = timeTravel;
  }

  public static Warehouse open(Database database) {
    return open(database, rows -> new TimeTravel(rows, database.mostPastBytes()));
  }

  static Warehouse open(Database database, Function<RowTables, TimeTravel> timeTravel) {
    try (Session session = database.session()) {
      RowTables rowTables = RowTables.open(session);
      Warehouse warehouse = new Warehouse(database, rowTables, timeTravel.apply(rowTables));
      MetaTables.create(session);
      MetaTables.readDatasets(
          session,
          dataset ->
              warehouse.datasets.put(
                  new Key(
                      dataset.getDatasetReference().getProjectId(),
                      dataset.getDatasetReference().getDatasetId()),
                  new StoredDataset(dataset)));
      MetaTables.readTables(
          session,
          table -> {
            TableReference reference = table.definition().getTableReference();
            warehouse.datasets.get(Key.of(reference)).tables().put(reference.getTableId(), table);
          });
      MetaTables.readRoutines(
          session,
          routine -> {
            RoutineReference reference = routine.getRoutineReference();
            warehouse
                .stored(reference.getProjectId(), reference.getDatasetId())
                .routines()
                .put(reference.getRoutineId(), routine);
          });
      warehouse.timeTravel.read(session, warehouse::stored);
      warehouse.forgetExcess();
      return warehouse;
    }
  }

  /** A connection for one statement, job or transaction. */
  public Session session() {
    return database.session();
  }

  public List<Dataset> datasets(String project) {
    return datasets.entrySet().stream()
        .filter(entry -> entry.getKey().project().equals(project))
        .map(entry -> entry.getValue().metadata())
        .toList();
  }

  /** All projects that have a dataset. */
  public List<String> projects() {
    return datasets.keySet().stream().map(Key::project).distinct().toList();
  }

  public Optional<Dataset> dataset(String project, String dataset) {
    return Optional.ofNullable(datasets.get(new Key(project, dataset)))
        .map(StoredDataset::metadata);
  }

  /** Throws the real service's {@code duplicate} (409) where the dataset exists. */
  public synchronized Dataset createDataset(Dataset dataset) {
    var reference = dataset.getDatasetReference();
    Names.checkDataset(reference.getDatasetId());
    Key key = new Key(reference.getProjectId(), reference.getDatasetId());
    if (datasets.containsKey(key)) {
      throw ApiException.duplicate("Already Exists: Dataset " + Names.of(reference));
    }
    Dataset created = ApiJson.copy(dataset).setCreationTime(System.currentTimeMillis());
    if (created.getLocation() == null) {
      created.setLocation("US");
    }
    Dataset stamped = stamped(created);
    transaction(session -> MetaTables.put(session, stamped));
    datasets.put(key, new StoredDataset(stamped));
    return ApiJson.copy(stamped);
  }

  private static Dataset stamped(Dataset dataset) {
    return ApiJson.copy(dataset)
        .setEtag(UUID.randomUUID().toString())
        .setLastModifiedTime(System.currentTimeMillis());
  }

  /** Replaces the dataset's own metadata. */
  public Dataset replaceDataset(Dataset dataset) {
    var reference = dataset.getDatasetReference();
    StoredDataset stored = stored(reference.getProjectId(), reference.getDatasetId());
    synchronized (stored) {
      stored.checkAlive();
      Dataset stamped = stamped(dataset);
      stored.checkNames(stamped);
      transaction(session -> MetaTables.put(session, stamped));
      stored.replace(stamped);
      return stored.metadata();
    }
  }

  /** Throws {@code resourceInUse} (400) where tables are left and {@code contents} is false. */
  public synchronized void deleteDataset(String project, String dataset, boolean contents) {
    StoredDataset stored = stored(project, dataset);
    synchronized (stored) {
      stored.checkAlive();
      if (!contents && !(stored.tables().isEmpty() && stored.routines().isEmpty())) {
        throw new ApiException(
            400,
            "resourceInUse",
            "Dataset " + Names.of(stored.metadata().getDatasetReference()) + " is still in use");
      }
      transaction(
          session -> {
            stored.tables().values().forEach(table -> forget(session, table));
            timeTravel.forget(session, stored);
            MetaTables.deletePast(session, project, dataset);
            stored
                .routines()
                .values()
                .forEach(routine -> MetaTables.delete(session, routine.getRoutineReference()));
            MetaTables.delete(session, project, dataset);
          });
      stored.delete();
      timeTravel.forgotten(stored);
      datasets.remove(new Key(project, dataset));
    }
  }

  private static void forget(Session session, StoredTable table) {
    if (table.physical() != null) {
      RowTables.drop(session, table.physical());
    }
    MetaTables.delete(session, table.definition().getTableReference());
  }

  public List<Table> tables(String project, String dataset) {
    return stored(project, dataset).tables().values().stream().map(StoredTable::metadata).toList();
  }

  /**
   * What is to be told of each table. Tables may have thousands of columns, of which this makes no
   * copies.
   *
   * @param told changes nothing of a table
   */
  public <T> List<T> tables(String project, String dataset, Function<Table, T> told) {
    return stored(project, dataset).tables().values().stream()
        .map(StoredTable::definition)
        .map(told)
        .toList();
  }

  public Optional<Table> table(TableReference table) {
    return find(table).map(StoredTable::metadata);
  }

  /**
   * The table, or as it was at the {@link Moment} that the name asks for, or the partition that a
   * decorator names, which counts its own rows alone.
   *
   * @throws ApiException {@code invalidQuery} for a time that is not within the last days, or when
   *     there was no table; {@code notImplemented} where the rows of then are gone
   */
  public Optional<Table> readable(TableReference named) {
    Optional<Moment> moment = Moment.of(named);
    if (moment.isPresent()) {
      return Optional.of(table(named, moment.get()));
    }
    Optional<Partition> partition = Partition.of(named);
    if (partition.isEmpty()) {
      return table(named);
    }
    return table(Partition.whole(named))
        .map(
            table -> {
              partition.get().check(table);
              String where = " WHERE " + partition.get().contains(table);
              try (Session session = session()) {
                String rows = rows(session, table.getTableReference());
                long count = session.number("SELECT count(*) FROM " + rows + where);
                return table.setTableReference(named).setNumRows(BigInteger.valueOf(count));
              }
            });
  }

  /** The table as the session's transaction sees it. */
  public Optional<Table> table(Session session, TableReference table) {
    Session.Pending pending = session.pending().get(Names.of(table));
    return pending == null ? table(table) : Optional.of(pending.next().metadata());
  }

  /** The table as it was at a time, under a name that reads it so. */
  private Table table(TableReference named, Moment moment) {
    TableReference table = Moment.whole(named);
    StoredDataset dataset = stored(table.getProjectId(), table.getDatasetId());
    return TimeTravel.metadata(TimeTravel.at(dataset, table, moment.micros()), named);
  }

  private Optional<StoredTable> find(TableReference table) {
    return Optional.ofNullable(datasets.get(Key.of(table)))
        .map(dataset -> dataset.tables().get(table.getTableId()));
  }

  /** Creates a table or view; throws {@code duplicate} (409) where it exists. */
  public Table createTable(Table table) {
    return commit(
        table.getTableReference(),
        current -> {
          if (current.isPresent()) {
            throw ApiException.duplicate(
                "Already Exists: Table " + Names.of(table.getTableReference()));
          }
          return new TableChange(created(table), false, Optional.empty());
        });
  }

  /** The table as its first commit shall have it: checked, complete with what we assign. */
  public Table created(Table table) {
    TableReference reference = table.getTableReference();
    Dataset dataset = stored(reference.getProjectId(), reference.getDatasetId()).metadata();
    long now = System.currentTimeMillis();
    return TableRules.checked(DatasetDefaults.inherit(dataset, TableRules.checked(table), now))
        .setLocation(dataset.getLocation())
        .setCreationTime(now);
  }

  /**
   * Replaces the metadata of a table or view. The schema may gain nullable or repeated fields,
   * relax REQUIRED and widen types; rows stored earlier then read NULL (or an empty list).
   */
  public Table replaceTable(Table table) {
    return commit(
        table.getTableReference(),
        current -> {
          Table existing =
              current.orElseThrow(() -> Names.tableNotFound(table.getTableReference()));
          Table next =
              TableRules.checked(table)
                  .setCreationTime(existing.getCreationTime())
                  .setLocation(existing.getLocation());
          SchemaRules.checkReplacement(existing, next);
          return new TableChange(next, true, Optional.empty());
        });
  }

  /**
   * Drops columns and gives others new names.
   *
   * @param session on which the rows are written anew
   * @param next the table as it shall be
   * @param positions where each of its columns stands now
   */
  public Table keepColumns(Session session, Table next, List<Integer> positions) {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < positions.size(); i++) {
      columns.add(ColumnTypes.column(positions.get(i)) + " AS " + ColumnTypes.column(i));
    }
    TableReference reference = next.getTableReference();
    if (IngestionTime.partitions(next)) {
      throw ApiException.notImplemented(
          "dropping and renaming columns of a table that is partitioned by ingestion time");
    }
    return committed(
            session,
            reference,
            current -> {
              Staged kept =
                  session.stage(
                      "SELECT " + String.join(", ", columns) + " FROM " + rows(session, reference),
                      Column.of(next.getSchema()));
              return new TableChange(TableRules.checked(next), false, Optional.of(kept));
            },
            committing -> {},
            () -> {})
        .metadata();
  }

  /** Throws {@code duplicate} (409) where the dataset has a table of that name. */
  public void renameTable(TableReference table, String name) {
    StoredDataset dataset = stored(table.getProjectId(), table.getDatasetId());
    synchronized (dataset) {
      dataset.checkAlive();
      Names.checkTable(name);
      StoredTable stored = find(table).orElseThrow(() -> Names.tableNotFound(table));
      TableReference renamed = Names.table(table.getProjectId(), table.getDatasetId(), name);
      if (find(renamed).isPresent()) {
        throw ApiException.duplicate("Already Exists: Table " + Names.of(renamed));
      }
      StoredTable next =
          StoredTable.stamped(
              ApiJson.copy(stored.definition()).setTableReference(renamed),
              stored.physical(),
              stored.rows(),
              stored.bytes());
      StoredTable renamedNext = next.since(stored.since());
      NavigableMap<Long, PastState> past = dataset.past(table.getTableId());
      NavigableMap<Long, PastState> hidden = dataset.past(name);
      transaction(
          session -> {
            MetaTables.update(session, stored, renamedNext);
            TimeTravel.forget(session, dataset.pastOf(name), hidden);
            MetaTables.renamePast(
                session, dataset.pastOf(table.getTableId()), dataset.pastOf(name).getTableId());
          });
      dataset.tables().put(name, renamedNext);
      dataset.tables().remove(table.getTableId());
      timeTravel.forgotten(hidden);
      dataset.past().remove(table.getTableId());
      dataset.past().put(name, past.isEmpty() ? new ConcurrentSkipListMap<>() : past);
    }
  }

  /** Puts an empty table or a view in the place of whatever bears its name, in one step. */
  public Table putTable(Table table) {
    Table created = created(table);
    return commit(
        table.getTableReference(), current -> new TableChange(created, false, Optional.empty()));
  }

  /** Puts a table with these rows in the place of whatever bears its name, in one step. */
  public Table putTable(Table table, Staged rows) {
    Table created = created(table);
    return committed(
            rows.session(),
            table.getTableReference(),
            current -> new TableChange(created, false, Optional.of(rows)),
            session -> {},
            () -> {})
        .metadata();
  }

  public void deleteTable(TableReference table) {
    Optional<Partition> partition = Partition.of(table);
    if (partition.isPresent()) {
      commit(
          Partition.whole(table),
          current ->
              new TableChange(
                  current.orElseThrow(() -> Names.tableNotFound(table)),
                  false,
                  Optional.empty(),
                  partition));
      return;
    }
    StoredDataset dataset = stored(table.getProjectId(), table.getDatasetId());
    synchronized (dataset) {
      dataset.checkAlive();
      StoredTable stored = find(table).orElseThrow(() -> Names.tableNotFound(table));
      Retirement retirement = new Retirement(timeTravel, dataset, Optional.of(stored));
      transaction(
          session -> {
            retirement.settle(session);
            MetaTables.delete(session, table);
          });
      dataset.tables().remove(table.getTableId());
      retirement.committed();
    }
    forgetExcess();
  }

  /** Whether any dataset has a function or procedure. */
  public boolean hasRoutines() {
    return datasets.values().stream().anyMatch(dataset -> !dataset.routines().isEmpty());
  }

  public List<Routine> routines(String project, String dataset) {
    return stored(project, dataset).routines().values().stream().map(ApiJson::copy).toList();
  }

  public Optional<Routine> routine(RoutineReference routine) {
    return Optional.ofNullable(
            datasets.get(new Key(routine.getProjectId(), routine.getDatasetId())))
        .map(dataset -> dataset.routines().get(routine.getRoutineId()))
        .map(ApiJson::copy);
  }

  /** Puts a function or procedure in the place of whatever bears its name. */
  public Routine putRoutine(Routine routine) {
    RoutineReference reference = routine.getRoutineReference();
    StoredDataset dataset = stored(reference.getProjectId(), reference.getDatasetId());
    synchronized (dataset) {
      dataset.checkAlive();
      long now = System.currentTimeMillis();
      Routine known = dataset.routines().get(reference.getRoutineId());
      Routine next =
          ApiJson.copy(routine)
              .setEtag(UUID.randomUUID().toString())
              .setCreationTime(known == null ? Long.valueOf(now) : known.getCreationTime())
              .setLastModifiedTime(now);
      transaction(session -> MetaTables.put(session, next));
      dataset.routines().put(reference.getRoutineId(), next);
      return ApiJson.copy(next);
    }
  }

  public void deleteRoutine(RoutineReference routine) {
    StoredDataset dataset = stored(routine.getProjectId(), routine.getDatasetId());
    synchronized (dataset) {
      dataset.checkAlive();
      transaction(session -> MetaTables.delete(session, routine));
      dataset.routines().remove(routine.getRoutineId());
    }
  }

  public long rowCount(TableReference table) {
    return find(table).orElseThrow(() -> Names.tableNotFound(table)).rows();
  }

  /**
   * Reads rows of a table, or of the partition that a decorator names, in storage order, the named
   * top-level columns only, in the order named.
   *
   * @param skip how many rows to pass over first
   * @param limit the most rows to read
   */
  public RowCursor scan(TableReference table, List<String> names, long skip, long limit) {
    return lookingUp(
        () -> {
          StoredTable stored = at(table);
          List<Column> columns = Column.of(stored.definition().getSchema());
          List<Column> wanted = new ArrayList<>();
          List<String> select = new ArrayList<>();
          for (String name : names) {
            int index = Column.indexOf(columns, name);
            if (index < 0) {
              throw ApiException.invalid("No such field: " + name);
            }
            select.add(ColumnTypes.column(index) + " AS " + ColumnTypes.column(wanted.size()));
            wanted.add(columns.get(index));
          }
          // DuckDB takes ten times as long to plan a query with a limit, even where it cuts
          // nothing.
          String query =
              "SELECT "
                  + (select.isEmpty() ? "1" : String.join(", ", select))
                  + " FROM "
                  + from(table, stored)
                  + Partition.of(table)
                      .map(partition -> " WHERE " + partition.contains(stored.definition()))
                      .orElse("")
                  + (limit < Long.MAX_VALUE ? " LIMIT " + limit : "")
                  + (skip > 0 ? " OFFSET " + skip : "");
          Session session = session();
          return RowCursor.over(session, wanted, query, session::close);
        });
  }

  /** Runs what looks up tables and reads them, again where one was replaced in between. */
  public <T> T lookingUp(Supplier<T> reading) {
    for (int lookup = 1; ; lookup++) {
      try {
        return reading.get();
      } catch (DatabaseException e) {
        if (e.kind() != DatabaseException.Kind.CATALOG || lookup == MOST_LOOKUPS) {
          throw e;
        }
      }
    }
  }

  /** The DuckDB table that holds the rows, as the session's transaction sees it. */
  public String rows(Session session, TableReference table) {
    return from(session, table, stored(session, table));
  }

  private String from(Session session, TableReference table, StoredTable stored) {
    return session.pending().containsKey(Names.of(Moment.whole(table)))
            && Moment.of(table).isPresent()
        ? RowTables.of(stored)
        : from(table, stored);
  }

  /** What DuckDB reads, to go after FROM. */
  private String from(TableReference table, StoredTable stored) {
    boolean isCurrent = find(Moment.whole(table)).filter(current -> current == stored).isPresent();
    return Moment.of(table).isPresent() && !isCurrent
        ? RowTables.of(stored)
        : RowTables.name(stored.physical());
  }

  private StoredTable at(TableReference named) {
    return Moment.of(named)
        .map(
            moment ->
                TimeTravel.at(
                    stored(named.getProjectId(), named.getDatasetId()),
                    Moment.whole(named),
                    moment.micros()))
        .or(() -> find(Partition.whole(named)))
        .orElseThrow(() -> Names.tableNotFound(named));
  }

  private StoredTable stored(Session session, TableReference table) {
    Session.Pending pending = session.pending().get(Names.of(Moment.whole(table)));
    if (pending == null) {
      return at(table);
    }
    return Moment.of(table).isPresent() ? pending.retirement().within(at(table)) : pending.next();
  }

  /** Whether the table has rows, as the session's transaction sees it. */
  public boolean isEmpty(Session session, TableReference table) {
    return stored(session, table).rows() == 0;
  }

  /** The logical bytes of these columns, summed over all rows of the table. */
  public long bytes(Session session, TableReference table, List<Integer> columns) {
    StoredTable stored = stored(session, table);
    List<Column> all = Column.of(stored.definition().getSchema());
    if (stored.rows() == 0 || columns.size() == all.size()) {
      return stored.bytes();
    }
    return LogicalBytes.of(all, columns).size(session, from(session, table, stored)).bytes();
  }

  /** Counts the logical bytes of these columns in a query over the table. */
  public LogicalBytes counted(Session session, TableReference table, List<Integer> columns) {
    return LogicalBytes.of(Column.of(stored(session, table).definition().getSchema()), columns);
  }

  public void append(TableReference table, Iterator<Object[]> rows) {
    TableSchema schema = table(table).orElseThrow(() -> Names.tableNotFound(table)).getSchema();
    try (Session session = session()) {
      Staged added = stage(session, Column.of(schema), rows);
      commit(
          session,
          table,
          current ->
              new TableChange(
                  current.orElseThrow(() -> Names.tableNotFound(table)), true, Optional.of(added)),
          committing -> {},
          () -> {});
    }
  }

  /** Takes rows into the session, for a {@link TableChange} or a query. */
  public Staged stage(Session session, List<Column> columns, Iterator<Object[]> rows) {
    try (RowStager stager = stager(session, columns)) {
      rows.forEachRemaining(stager::write);
      return stager.finish();
    }
  }

  public RowStager stager(Session session, List<Column> columns) {
    return new RowStager(session, columns);
  }

  private Table commit(TableReference table, Function<Optional<Table>, TableChange> decide) {
    try (Session session = session()) {
      return committed(session, table, decide, committing -> {}, () -> {}).metadata();
    }
  }

  /**
   * Changes or creates a table in one step.
   *
   * @param session on which the rows to add are staged
   * @param decide from the table as it is, or nothing where it is not there, to what it shall be;
   *     may throw to change nothing
   * @param alongside writes what is to be committed with the change
   * @param committed runs when the change is durable, before any other change of the dataset
   */
  public void commit(
      Session session,
      TableReference reference,
      Function<Optional<Table>, TableChange> decide,
      Consumer<Session> alongside,
      Runnable committed) {
    committed(session, reference, decide, alongside, committed);
  }

  private StoredTable committed(
      Session session,
      TableReference reference,
      Function<Optional<Table>, TableChange> decide,
      Consumer<Session> alongside,
      Runnable committed) {
    StoredDataset dataset = stored(reference.getProjectId(), reference.getDatasetId());
    StoredTable next;
    synchronized (dataset) {
      dataset.checkAlive();
      Optional<StoredTable> before = find(reference);
      TableChange change = decide.apply(before.map(StoredTable::metadata));
      before.ifPresentOrElse(
          table -> DatasetDefaults.collateAdded(table.definition(), change.table()),
          () -> Names.checkTable(reference.getTableId()));
      Retirement retirement = new Retirement(timeTravel, dataset, before);
      next =
          transaction(
              session,
              () -> {
                StoredTable made =
                    retirement.settle(
                        session,
                        rowTables.apply(
                            session, before, change, () -> retirement.beforeRemoval(session)));
                before.ifPresentOrElse(
                    table -> MetaTables.update(session, table, made),
                    () -> MetaTables.insert(session, made));
                alongside.accept(session);
                return made;
              });
      dataset.tables().put(reference.getTableId(), next);
      retirement.committed();
      committed.run();
    }
    forgetExcess();
    return next;
  }

  /** Lets go what is too old of the past, or too much. */
  private void forgetExcess() {
    boolean more = true;
    while (more) {
      more = timeTravel.excess(datasets.values()).filter(this::forget).isPresent();
    }
  }

  private boolean forget(TimeTravel.Excess excess) {
    synchronized (excess.dataset()) {
      try (Session session = session()) {
        return timeTravel.remove(session, excess);
      } catch (DatabaseException e) {
        // What the caller has changed is committed. The next change tries again.
        return false;
      }
    }
  }

  /**
   * Removes all rows of a table, alone or in the session's transaction.
   *
   * @return how many there were
   */
  public long truncate(Session session, TableReference table) {
    if (session.inTransaction()) {
      return change(
          session,
          table,
          (rows, beforeRemoval) -> {
            beforeRemoval.run();
            return session.update("DELETE FROM " + rows);
          });
    }
    long[] count = new long[1];
    commit(
        session,
        table,
        current -> {
          Table emptied = current.orElseThrow(() -> Names.tableNotFound(table));
          count[0] = emptied.getNumRows().longValue();
          return new TableChange(emptied, false, Optional.empty());
        },
        committing -> {},
        () -> {});
    return count[0];
  }

  /** Changes rows. */
  public interface RowWork {
    /**
     * @param rows the DuckDB table
     * @param beforeRemoval to be run before rows are changed or removed
     * @return how many rows it changed
     */
    long change(String rows, Runnable beforeRemoval);
  }

  /**
   * Changes rows of a table, alone or in the session's transaction.
   *
   * @param work changes the DuckDB table that it is given
   * @return how many rows it changed
   */
  public long change(Session session, TableReference table, RowWork work) {
    StoredDataset dataset = stored(table.getProjectId(), table.getDatasetId());
    long[] count = new long[1];
    synchronized (dataset) {
      dataset.checkAlive();
      if (session.inTransaction()) {
        Session.Pending pending =
            Optional.ofNullable(session.pending().get(Names.of(table)))
                .orElseGet(() -> untouched(dataset, table));
        Retirement retirement = pending.retirement();
        count[0] = work.change(rows(session, table), () -> retirement.beforeRemoval(session));
        StoredTable next = counted(session, pending.next());
        session
            .pending()
            .put(Names.of(table), new Session.Pending(pending.before(), next, retirement));
        return count[0];
      }
      StoredTable before = find(table).orElseThrow(() -> Names.tableNotFound(table));
      Retirement retirement = new Retirement(timeTravel, dataset, Optional.of(before));
      StoredTable next =
          transaction(
              session,
              () -> {
                count[0] =
                    work.change(
                        RowTables.name(before.physical()), () -> retirement.beforeRemoval(session));
                StoredTable made = retirement.settle(session, counted(session, before));
                MetaTables.update(session, before, made);
                return made;
              });
      dataset.tables().put(table.getTableId(), next);
      retirement.committed();
    }
    forgetExcess();
    return count[0];
  }

  private Session.Pending untouched(StoredDataset dataset, TableReference table) {
    StoredTable before = find(table).orElseThrow(() -> Names.tableNotFound(table));
    return new Session.Pending(
        before, before, new Retirement(timeTravel, dataset, Optional.of(before)));
  }

  private static StoredTable counted(Session session, StoredTable table) {
    LogicalBytes.Size size =
        LogicalBytes.of(Column.of(table.definition().getSchema()))
            .size(session, RowTables.name(table.physical()));
    return StoredTable.stamped(table.definition(), table.physical(), size.rows(), size.bytes());
  }

  /**
   * Makes all that the session's transaction changed durable and visible, in one step.
   *
   * @throws ApiException {@code invalidQuery} where somebody else changed one of its tables since
   */
  public void commit(Session session) {
    Map<Key, StoredDataset> changed = new TreeMap<>();
    for (Session.Pending pending : session.pending().values()) {
      Key key = Key.of(pending.before().definition().getTableReference());
      changed.put(key, stored(key.project(), key.dataset()));
    }
    commit(session, new ArrayList<>(changed.values()));
    forgetExcess();
  }

  /** Takes the turns of all datasets, always in the same order, so that nobody waits in a ring. */
  private void commit(Session session, List<StoredDataset> turns) {
    if (turns.isEmpty()) {
      for (Session.Pending pending : session.pending().values()) {
        TableReference reference = pending.before().definition().getTableReference();
        boolean same =
            find(reference).filter(t -> t.etag().equals(pending.before().etag())).isPresent();
        if (!same) {
          throw concurrentUpdate(reference);
        }
        StoredTable next =
            pending.retirement().settle(session, pending.next().since(StoredTable.micros()));
        MetaTables.update(session, pending.before(), next);
        session
            .pending()
            .put(
                Names.of(reference),
                new Session.Pending(pending.before(), next, pending.retirement()));
      }
      session.commit();
      for (Session.Pending pending : session.pending().values()) {
        TableReference reference = pending.next().definition().getTableReference();
        stored(reference.getProjectId(), reference.getDatasetId())
            .tables()
            .put(reference.getTableId(), pending.next());
        pending.retirement().committed();
      }
      session.pending().clear();
      return;
    }
    synchronized (turns.get(0)) {
      turns.get(0).checkAlive();
      commit(session, turns.subList(1, turns.size()));
    }
  }

  private static ApiException concurrentUpdate(TableReference table) {
    return ApiException.invalidQuery(
        "Transaction is aborted due to concurrent update against table " + Names.of(table));
  }

  private void transaction(Consumer<Session> work) {
    try (Session session = session()) {
      session.transaction(() -> work.accept(session));
    }
  }

  private static StoredTable transaction(Session session, Supplier<StoredTable> work) {
    StoredTable[] next = new StoredTable[1];
    session.transaction(() -> next[0] = work.get());
    return next[0];
  }

  private StoredDataset stored(String project, String dataset) {
    StoredDataset stored = datasets.get(new Key(project, dataset));
    if (stored == null) {
      throw Names.datasetNotFound(project, dataset);
    }
    return stored;
  }
}
