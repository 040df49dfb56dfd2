package io.gkp.connector.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.cloud.bigquery.Field;
import io.gkp.connector.mapping.TypeCases.Case;
import io.gkp.connector.mapping.TypeCases.Value;
import io.gkp.connector.mapping.row.ChangeOp;
import io.gkp.connector.mapping.row.LoadRow;
import io.gkp.connector.mapping.schema.RawTable;
import io.gkp.connector.session.SessionSettings;
import io.gkp.connector.source.stream.Change;
import io.gkp.connector.source.table.PostgresTypes;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.connector.source.table.SourceTables;
import io.gkp.testing.TestPostgres;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every type and value of {@code type-cases.txt} through COPY, and through a slot and engine, on
 * every version.
 */
@ParameterizedClass
@MethodSource("versions")
class SnapshotAndStreamTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TimeZone ZONE = TimeZone.getDefault();

  @Parameter int version;

  private static PostgresTypes types; // as a server's OIDs name them
  private static TestPostgres.Database database;
  private static List<Case> cases;
  private static Map<String, List<Change>> streamed;
  private static Map<String, List<String[]>> copied;
  private static Map<String, SourceTable> catalogued;

  static IntStream versions() {
    return TestPostgres.versions();
  }

  @BeforeParameterizedClassInvocation
  static void streamEveryValue(int version) throws Exception {
    // The driver sends the JVM's zone to the server; the values' text must not follow it. Nor may
    // it follow what the database's owner prefers.
    TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
    types = new PostgresTypes();
    database = TestPostgres.version(version).createDatabase();
    for (String setting :
        List.of(
            "DateStyle = 'German'",
            "IntervalStyle = 'sql_standard'",
            "bytea_output = 'escape'",
            "extra_float_digits = -10")) {
      database.execute("ALTER DATABASE " + database.name() + " SET " + setting);
    }
    TypeCases.createTypes(database);
    cases = TypeCases.read(version);
    for (Case c : cases) {
      database.execute(c.createTable());
    }
    CapturedChanges changes =
        CapturedChanges.prepare(database, cases.stream().map(Case::table).toArray(String[]::new));
    for (Case c : cases) {
      database.execute(c.insert());
    }
    streamed = new HashMap<>();
    for (Change change : changes.read()) {
      streamed.computeIfAbsent(change.table().table(), t -> new ArrayList<>()).add(change);
    }
    copied = new HashMap<>();
    catalogued = new HashMap<>();
    try (Connection connection = database.connect()) {
      for (Case c : cases) {
        copied.put(
            c.table(),
            CopyText.rows(connection, "SELECT id, v FROM public." + c.table() + " ORDER BY id"));
      }
      SessionSettings.prepare(connection); // as of every connection that reads the catalogue
      for (Case c : cases) {
        catalogued.put(
            c.table(),
            new SourceTables(types)
                .read(connection, CapturedChanges.PUBLICATION, "public", c.table()));
      }
    }
  }

  @AfterParameterizedClassInvocation
  static void restoreZone() {
    TimeZone.setDefault(ZONE);
  }

  @Test
  void theStreamGivesTheTextThatCopyGives() {
    for (Case c : cases) {
      List<String> stream = new ArrayList<>();
      streamed.get(c.table()).forEach(change -> stream.add(change.rows().get(0).values().text(1)));
      assertThat(stream)
          .as(c.type())
          .isEqualTo(copied.get(c.table()).stream().map(row -> row[1]).toList());
    }
  }

  @Test
  void theStreamDescribesTheColumnsThatTheCatalogueDescribes() {
    for (Case c : cases) {
      RawTable snapshot = RawTable.of(catalogued.get(c.table()));
      RawTable stream = RawTable.of(streamed.get(c.table()).get(0).layout());
      assertThat(stream.schema()).as(c.type()).isEqualTo(snapshot.schema());
    }
  }

  @Test
  void eachTypeHasItsField() {
    for (Case c : cases) {
      Field field = RawTable.of(catalogued.get(c.table())).columns().get(1).field();
      String repeated = field.getMode() == Field.Mode.REPEATED ? " REPEATED" : "";
      assertThat(field.getType().getStandardType() + repeated)
          .as(c.type())
          .isEqualTo(c.fieldType());
    }
  }

  @Test
  void eachValueLandsFaithfullyOrAsLossyText() throws Exception {
    for (Case c : cases) {
      RawTable table = RawTable.of(catalogued.get(c.table()));
      List<String[]> rows = copied.get(c.table());
      assertNull(c, LoadRow.write(table, ChangeOp.READ, rows.get(0)));
      for (int i = 0; i < c.values().size(); i++) {
        String[] row = rows.get(i + 1);
        assertLanded(c, c.values().get(i), row[1], LoadRow.write(table, ChangeOp.READ, row));
      }
    }
  }

  @Test
  void theStreamsLoadRowsAreTheSnapshots() {
    for (Case c : cases) {
      List<String> fromStream = new ArrayList<>();
      RawTable table = RawTable.of(streamed.get(c.table()).get(0).layout());
      for (Change change : streamed.get(c.table())) {
        for (Change.Row row : change.rows()) {
          fromStream.add(LoadRow.write(table, row.operation(), row.values()));
        }
      }
      List<String> fromSnapshot = new ArrayList<>();
      for (String[] row : copied.get(c.table())) {
        fromSnapshot.add(LoadRow.write(table, ChangeOp.CREATE, row));
      }
      assertThat(fromStream).as(c.type()).isEqualTo(fromSnapshot);
    }
  }

  private static void assertNull(Case c, String line) throws Exception {
    JsonNode row = JSON.readTree(line);
    assertThat(row.has("v")).as(c.type()).isFalse();
    assertThat(row.path("_cdc_lossy").path(0).path("reason").asText())
        .as(c.type())
        .isEqualTo(c.fieldType().endsWith("REPEATED") ? "null_array" : "");
  }

  private static void assertLanded(Case c, Value value, String text, String line) throws Exception {
    String description = c.type() + " " + value.sql();
    JsonNode lossy = JSON.readTree(line).path("_cdc_lossy").path(0);
    if (value.expected().startsWith("lossy ")) {
      assertThat(line).as(description).doesNotContain("\"v\":");
      assertThat("lossy " + lossy.path("reason").asText())
          .as(description)
          .isEqualTo(value.expected());
      assertThat(lossy.path("column").asText()).isEqualTo("v");
      assertThat(lossy.path("text").asText()).as(description).isEqualTo(text);
      return;
    }
    assertThat(lossy.isMissingNode()).as(description).isTrue();
    assertThat(line.strip()).as(description).doesNotContain("\n");
    String json = LoadRow.valueOf("v", line);
    if (value.expected().endsWith("...")) {
      String start = value.expected().substring(0, value.expected().length() - 3);
      assertThat(json).as(description).startsWith(start);
    } else {
      assertThat(json).as(description).isEqualTo(value.expected());
    }
  }
}
