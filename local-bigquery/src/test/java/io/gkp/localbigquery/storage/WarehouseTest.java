package io.gkp.localbigquery.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.bigquery.model.Dataset;
import com.google.api.services.bigquery.model.DatasetReference;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableReference;
import com.google.api.services.bigquery.model.TableSchema;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarehouseTest {
  private static final TableReference TABLE = Names.table("p", "d", "t");

  @TempDir Path directory;
  private Database database;
  private Warehouse warehouse;

  @BeforeEach
  void open() {
    close();
    database = Database.open(directory, List.of());
    warehouse = Warehouse.open(database);
    if (warehouse.dataset("p", "d").isEmpty()) {
      warehouse.createDataset(
          new Dataset()
              .setDatasetReference(new DatasetReference().setProjectId("p").setDatasetId("d")));
    }
  }

  @AfterEach
  void close() {
    if (database != null) {
      database.close();
    }
  }

  @Test
  void rowsOfEveryTypeComeBackAsTheyWentAfterARestart() {
    List<TableFieldSchema> fields = new ArrayList<>();
    for (FieldType type : FieldType.values()) {
      if (type != FieldType.STRUCT) {
        fields.add(field(type.name().toLowerCase() + "_1", type));
      }
    }
    fields.add(field("many", FieldType.INT64).setMode("REPEATED"));
    fields.add(
        field("record", FieldType.STRUCT)
            .setFields(List.of(field("a", FieldType.STRING), field("b", FieldType.DATE))));
    create(fields);
    Object[] row = {
      "text",
      new byte[] {0, -1},
      Long.MIN_VALUE,
      -0.5,
      true,
      new BigDecimal("-12.5"),
      new BigDecimal("1e38").setScale(0),
      LocalDate.of(1, 1, 1),
      LocalTime.of(23, 59, 59, 999_999_000),
      LocalDateTime.of(1969, 12, 31, 23, 59, 59, 1_000),
      Instant.parse("0001-01-01T00:00:00.000001Z"),
      "{\"a\":1}",
      "POINT(1 2)",
      "1-2 3 4:5:6",
      "[2020-01-01, 2020-12-31)",
      List.of(1L, -2L),
      new Object[] {"nested", null}
    };
    warehouse.append(TABLE, List.<Object[]>of(row, new Object[row.length]).iterator());
    open();

    assertThat(warehouse.table(TABLE).orElseThrow().getNumBytes()).isEqualTo(bytes(fields));
    List<Object[]> read = read(names(fields));
    assertThat(read.get(0)).isEqualTo(row);
    Object[] nulls = new Object[row.length];
    nulls[15] = List.of();
    assertThat(read.get(1)).isEqualTo(nulls);
  }

  private List<Long> past(long micros) {
    TableReference named = Names.table("p", "d", new Moment(micros).name("t"));
    List<Long> rows = new ArrayList<>();
    List<String> names =
        warehouse.readable(named).orElseThrow().getSchema().getFields().stream()
            .map(TableFieldSchema::getName)
            .toList();
    try (RowCursor cursor = warehouse.scan(named, names, 0, Long.MAX_VALUE)) {
      cursor.forEachRemaining(row -> rows.add((Long) row[0]));
    }
    return rows;
  }

  private void limit(long mostPastBytes, int mostStates) {
    warehouse = Warehouse.open(database, rows -> new TimeTravel(rows, mostPastBytes, mostStates));
  }

  private void delete(String where) {
    delete(TABLE, where);
  }

  private void delete(TableReference table, String where) {
    try (Session session = warehouse.session()) {
      warehouse.change(
          session,
          table,
          (rows, beforeRemoval) -> {
            beforeRemoval.run();
            return session.update("DELETE FROM " + rows + " WHERE " + where);
          });
    }
  }

  private long tablesInDuckDb() {
    try (Session session = warehouse.session()) {
      return session.number("SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'rows'");
    }
  }

  private void assertGone(long micros) {
    assertThatThrownBy(() -> past(micros)).hasMessageContaining("no longer kept");
  }

  @Test
  void theOldestStatesGoWhereThereIsNoRoom() {
    limit(1 << 20, 100);
    create(List.of(field("n", FieldType.INT64)));
    List<Long> times = new ArrayList<>();
    for (long n = 0; n < 6; n++) {
      append(new Object[] {n});
      times.add(StoredTable.micros());
      delete("TRUE");
    }
    // Each copy counts for 256 KiB.
    assertThat(tablesInDuckDb()).isEqualTo(1 + 4);
    times.subList(0, 2).forEach(this::assertGone);
    open();
    times.subList(0, 2).forEach(this::assertGone);
    assertThat(past(times.get(2))).containsExactly(2L);
    assertThat(past(times.get(5))).containsExactly(5L);
    limit(0, 100);
    assertThat(tablesInDuckDb()).isEqualTo(1);
    times.forEach(this::assertGone);
    long empty = StoredTable.micros();
    append(new Object[] {7L});
    long one = StoredTable.micros();
    append(new Object[] {8L});
    assertThat(past(empty)).isEmpty();
    assertThat(past(one)).containsExactly(7L);
    delete(ColumnTypes.column(0) + " = 7");
    assertGone(one);
    assertThat(past(StoredTable.micros())).containsExactly(8L);
  }

  @Test
  void thePastStaysWithinBoundsWhileManyChangeTables() throws Exception {
    limit(1 << 20, 1000);
    List<TableReference> tables =
        IntStream.range(0, 4).mapToObj(n -> Names.table("p", "d" + n, "t")).toList();
    for (TableReference table : tables) {
      warehouse.createDataset(
          new Dataset()
              .setDatasetReference(
                  new DatasetReference().setProjectId("p").setDatasetId(table.getDatasetId())));
      warehouse.createTable(table(List.of(field("n", FieldType.INT64))).setTableReference(table));
    }
    ExecutorService threads = Executors.newFixedThreadPool(tables.size());
    try {
      List<Callable<Void>> work =
          tables.stream().<Callable<Void>>map(table -> () -> changeOften(table)).toList();
      for (Future<Void> done : threads.invokeAll(work)) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }
    create(List.of(field("n", FieldType.INT64)));
    assertThat(tablesInDuckDb()).isLessThanOrEqualTo(5 + 4);
  }

  private Void changeOften(TableReference table) {
    for (long n = 0; n < 10; n++) {
      warehouse.append(table, List.<Object[]>of(new Object[] {n}).iterator());
      delete(table, "TRUE");
    }
    return null;
  }

  @Test
  void theOldestStatesGoWhereThereAreManyOfThem() {
    limit(1 << 20, 10);
    create(List.of(field("n", FieldType.INT64)));
    List<Long> times = new ArrayList<>();
    for (long n = 0; n < 30; n++) {
      append(new Object[] {n});
      times.add(StoredTable.micros());
    }
    assertGone(times.get(0));
    assertThat(past(times.get(27))).hasSize(28);
    open();
    assertGone(times.get(0));
    assertThat(past(times.get(27))).hasSize(28);
  }

  @Test
  void aNameThatDiffersByCaseIsTheSameInThePast() {
    warehouse.replaceDataset(warehouse.dataset("p", "d").orElseThrow().setIsCaseInsensitive(true));
    create(List.of(field("n", FieldType.INT64)));
    append(new Object[] {1L});
    long one = StoredTable.micros();
    warehouse.deleteTable(Names.table("p", "d", "T"));
    warehouse.createTable(
        new Table()
            .setTableReference(Names.table("p", "d", "T"))
            .setSchema(new TableSchema().setFields(List.of(field("n", FieldType.INT64)))));
    append(new Object[] {2L});
    delete("TRUE");
    assertThat(past(one)).containsExactly(1L);
    limit(0, 100);
    open();
    assertGone(one);
    assertThat(read(List.of("n"))).isEmpty();
  }

  @Test
  void aDeletedDatasetTakesItsPastWithIt() {
    create(List.of(field("n", FieldType.INT64)));
    append(new Object[] {1L});
    delete("TRUE");
    warehouse.deleteTable(TABLE);
    assertThat(tablesInDuckDb()).isEqualTo(2);
    warehouse.deleteDataset("p", "d", true);
    assertThat(tablesInDuckDb()).isZero();
    open();
    assertThat(warehouse.tables("p", "d")).isEmpty();
  }

  @Test
  void textsAreAsLargeAsTheirBytesWhereverTheyAreCounted() {
    List<TableFieldSchema> fields =
        List.of(
            field("one", FieldType.STRING),
            field("many", FieldType.STRING).setMode("REPEATED"),
            field("json", FieldType.JSON));
    create(fields);
    append(new Object[] {"a\u00e4\u20ac\ud83d\ude00", List.of("", "\u00e4"), "\"\u20ac\""});
    assertThat(warehouse.table(TABLE).orElseThrow().getNumBytes())
        .isEqualTo(2 + 10 + 2 + 2 + 2 + 5)
        .isEqualTo(bytes(fields));
  }

  @Test
  void aTableThatIsReplacedUnderItsNameInOtherLettersIsReplacedForGood() {
    warehouse.createDataset(
        new Dataset()
            .setDatasetReference(new DatasetReference().setProjectId("p").setDatasetId("i"))
            .setIsCaseInsensitive(true));
    for (String name : List.of("t", "T")) {
      warehouse.putTable(
          table(List.of(field("a", FieldType.STRING)))
              .setTableReference(Names.table("p", "i", name))
              .setDescription("described as " + name));
    }
    open();
    assertThat(warehouse.tables("p", "i"))
        .extracting(Table::getDescription)
        .containsExactly("described as T");
  }

  @Test
  void columnsComeInTheOrderAskedForAndNoOthers() {
    create(
        List.of(
            field("a", FieldType.STRING), field("b", FieldType.INT64), field("c", FieldType.BOOL)));
    append(new Object[] {"x", 1L, true});
    assertThat(read(List.of("c", "a"))).containsExactly(new Object[] {true, "x"});
    assertThat(read(List.of())).containsExactly(new Object[0]);
  }

  @Test
  void rowsWrittenBeforeTheSchemaGrewReadNullAndWidened() {
    create(
        List.of(
            field("n", FieldType.INT64),
            field("r", FieldType.STRUCT).setFields(List.of(field("a", FieldType.STRING)))));
    append(new Object[] {1L, new Object[] {"x"}});
    List<TableFieldSchema> grown =
        List.of(
            field("n", FieldType.NUMERIC),
            field("r", FieldType.STRUCT)
                .setFields(List.of(field("a", FieldType.STRING), field("b", FieldType.DATE))),
            field("more", FieldType.STRING).setMode("REPEATED"));
    warehouse.replaceTable(table(grown));
    append(new Object[] {new BigDecimal("2.5"), new Object[] {"y", LocalDate.EPOCH}, List.of("z")});

    assertThat(read(names(grown)))
        .containsExactly(
            new Object[] {BigDecimal.ONE, new Object[] {"x", null}, List.of()},
            new Object[] {
              new BigDecimal("2.5"), new Object[] {"y", LocalDate.EPOCH}, List.of("z")
            });
  }

  @Test
  void rowsMayComeWithAnyNumberOfNewColumns() {
    List<TableFieldSchema> fields = new ArrayList<>(List.of(field("a", FieldType.INT64)));
    create(fields);
    append(new Object[] {0L});
    for (int added = 1; added <= 3; added++) {
      for (int i = 0; i < added; i++) {
        fields.add(field("c" + fields.size(), FieldType.INT64).setMode(i == 1 ? "REPEATED" : null));
      }
      Object[] row = new Object[fields.size()];
      row[0] = (long) added;
      Table next = table(List.copyOf(fields));
      try (Session session = warehouse.session()) {
        Staged rows =
            warehouse.stage(
                session, Column.of(next.getSchema()), List.<Object[]>of(row).iterator());
        warehouse.commit(
            session,
            TABLE,
            current -> new TableChange(next, true, Optional.of(rows)),
            committing -> {},
            () -> {});
      }
    }
    assertThat(longs(warehouse.scan(TABLE, List.of("a"), 0, 9))).containsExactly(0L, 1L, 2L, 3L);
  }

  @Test
  void aScanMayStartAndEndAnywhere() {
    create(List.of(field("n", FieldType.INT64)));
    for (int segment = 0; segment < 3; segment++) {
      int first = segment * 10;
      warehouse.append(
          TABLE,
          IntStream.range(first, first + 10).mapToObj(n -> new Object[] {(long) n}).iterator());
    }
    assertThat(longs(warehouse.scan(TABLE, List.of("n"), 8, 4))).containsExactly(8L, 9L, 10L, 11L);
    assertThat(longs(warehouse.scan(TABLE, List.of("n"), 29, 5))).containsExactly(29L);
    assertThat(longs(warehouse.scan(TABLE, List.of("n"), 30, 5))).isEmpty();
  }

  @Test
  void aReaderEndsWithTheRowsItStartedWith() {
    create(List.of(field("n", FieldType.INT64)));
    append(new Object[] {1L});
    append(new Object[] {2L});
    try (RowCursor cursor = warehouse.scan(TABLE, List.of("n"), 0, Long.MAX_VALUE)) {
      assertThat(cursor.next()).containsExactly(1L);
      warehouse.append(TABLE, List.<Object[]>of(new Object[] {3L}).iterator());
      warehouse.deleteTable(TABLE);
      assertThat(cursor.next()).containsExactly(2L);
      assertThat(cursor.hasNext()).isFalse();
    }
    assertThat(warehouse.table(TABLE)).isEmpty();
  }

  @Test
  void rowsThatFailToComeLeaveNoTrace() {
    create(List.of(field("n", FieldType.INT64)));
    var failing =
        IntStream.range(0, 10)
            .mapToObj(
                n -> {
                  if (n == 5) {
                    throw new IllegalStateException("no more");
                  }
                  return new Object[] {(long) n};
                })
            .iterator();
    assertThatThrownBy(() -> warehouse.append(TABLE, failing)).hasMessage("no more");
    assertThat(warehouse.rowCount(TABLE)).isZero();
  }

  @Test
  void aTablePutInThePlaceOfAnotherHasItsOwnSchemaAndRows() {
    create(List.of(field("n", FieldType.INT64)));
    append(new Object[] {1L});
    try (Session session = warehouse.session()) {
      Table next = table(List.of(field("s", FieldType.STRING)));
      warehouse.putTable(
          next,
          warehouse.stage(
              session,
              Column.of(next.getSchema()),
              List.<Object[]>of(new Object[] {"x"}).iterator()));
    }
    assertThat(read(List.of("s"))).containsExactly(new Object[] {"x"});
  }

  private void create(List<TableFieldSchema> fields) {
    warehouse.createTable(table(fields));
  }

  private static Table table(List<TableFieldSchema> fields) {
    return new Table().setTableReference(TABLE).setSchema(new TableSchema().setFields(fields));
  }

  private static TableFieldSchema field(String name, FieldType type) {
    return new TableFieldSchema().setName(name).setType(type.name());
  }

  /** The size of the table's rows as DuckDB counts it. */
  private long bytes(List<TableFieldSchema> fields) {
    try (Session session = warehouse.session()) {
      return LogicalBytes.of(Column.of(fields))
          .size(session, warehouse.rows(session, TABLE))
          .bytes();
    }
  }

  private static List<String> names(List<TableFieldSchema> fields) {
    return fields.stream().map(TableFieldSchema::getName).toList();
  }

  private void append(Object[] row) {
    warehouse.append(TABLE, List.<Object[]>of(row).iterator());
  }

  private List<Object[]> read(List<String> columns) {
    List<Object[]> rows = new ArrayList<>();
    try (RowCursor cursor = warehouse.scan(TABLE, columns, 0, Long.MAX_VALUE)) {
      cursor.forEachRemaining(rows::add);
    }
    return rows;
  }

  private static List<Object> longs(RowCursor cursor) {
    List<Object> values = new ArrayList<>();
    try (cursor) {
      cursor.forEachRemaining(row -> values.add(row[0]));
    }
    return values;
  }
}
