package io.gkp.connector.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.testing.TestPostgres;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every type and value of {@link TypeCases} through a real slot and engine, and through COPY. */
class SnapshotAndStreamTest {
  private static final TestPostgres.Database DATABASE = TestPostgres.shared().createDatabase();
  private static final TimeZone ZONE = TimeZone.getDefault();

  private static List<TypeCases.Case> cases;
  private static Map<String, List<SourceRecord>> streamed;

  @BeforeAll
  static void streamEveryValue() throws Exception {
    // The driver sends the JVM's zone to the server; the values' text must not follow it.
    TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
    TypeCases.createTypes(DATABASE);
    cases = TypeCases.available(DATABASE);
    for (TypeCases.Case c : cases) {
      DATABASE.execute(c.createTable());
    }
    CapturedChanges changes = CapturedChanges.prepare(DATABASE);
    for (TypeCases.Case c : cases) {
      try {
        DATABASE.execute(c.insert());
      } catch (IllegalStateException e) {
        throw new IllegalStateException(
            c.insert().substring(0, Math.min(300, c.insert().length())), e);
      }
    }
    streamed = new HashMap<>();
    for (SourceRecord record : changes.read()) {
      String table = ((Struct) record.value()).getStruct("source").getString("table");
      streamed.computeIfAbsent(table, t -> new ArrayList<>()).add(record);
    }
  }

  @AfterAll
  static void restoreZone() {
    TimeZone.setDefault(ZONE);
  }

  @Test
  void theStreamGivesTheTextThatCopyGives() throws Exception {
    try (Connection connection = DATABASE.connect()) {
      for (TypeCases.Case c : cases) {
        List<String> copied = new ArrayList<>();
        for (String[] row :
            CopyText.rows(connection, "SELECT id, v FROM " + c.table() + " ORDER BY id")) {
          copied.add(row[1]);
        }
        List<String> stream = new ArrayList<>();
        for (SourceRecord record : streamed.get(c.table())) {
          stream.add((String) ((Struct) record.value()).getStruct("after").getWithoutDefault("v"));
        }
        assertThat(stream).as(c.type()).isEqualTo(copied);
      }
    }
  }
}
