package io.gkp.connector.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.mapping.schema.ColumnAdmission;
import io.gkp.connector.source.table.ColumnProtection;
import io.gkp.connector.source.table.PostgresTypes;
import io.gkp.connector.source.table.SourceColumn;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.connector.source.table.TableProtection;
import io.gkp.connector.wire.RelationMessage;
import io.gkp.connector.wire.RelationMessage.Column;
import io.gkp.testing.TestPostgres;
import java.sql.Connection;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Changes may come of a table that was dropped, renamed or unpublished meanwhile. */
class AnnouncedTableTest {
  private static final int INT4 = 23;
  private static final int TEXT = 25;
  private static final SourceTable GONE = new SourceTable("public", "items", List.of());

  private final TableProtection protection = new TableProtection(Set.of("secret"), Set.of(), null);

  @Test
  void aTableThatIsGoneKeepsTheKeyThatItHad() throws Exception {
    assertThat(announced("id", "secret", "v").columns())
        .filteredOn(SourceColumn::isKey)
        .extracting(SourceColumn::name)
        .containsExactly("id");
  }

  @Test
  void aTableThatIsGoneKeepsTheProtectionOfItsColumns() throws Exception {
    assertThat(announced("id", "secret", "v").columns())
        .extracting(SourceColumn::protection)
        .containsExactly(ColumnProtection.NONE, ColumnProtection.EXCLUDED, ColumnProtection.NONE);
  }

  @Test
  void whatMayHaveBeenAProtectedColumnIsExcluded() throws Exception {
    assertThat(announced("id", "former").columns().get(1).protection())
        .isEqualTo(ColumnProtection.EXCLUDED);
  }

  private SourceTable announced(String key, String... others) throws Exception {
    List<Column> columns =
        Stream.concat(
                Stream.of(new Column(key, true, INT4, -1)),
                Arrays.stream(others).map(name -> new Column(name, false, TEXT, -1)))
            .toList();
    RelationMessage message = new RelationMessage(1, "public", "items", 'd', columns);
    try (Connection connection = TestPostgres.shared().database("postgres").connect()) {
      return AnnouncedTable.of(
          message, GONE, protection, ColumnAdmission.OF_ALL, new PostgresTypes(), connection);
    }
  }
}
