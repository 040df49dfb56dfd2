package io.gkp.sql.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.raw.RawNames;
import io.gkp.sql.model.Column;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.testing.Changelog;
import io.gkp.sql.testing.TestWarehouse;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarehouseTest {
  private static final List<Column> COLUMNS = List.of(new Column("id", "INT64", ""));

  /** Raw tables by schema and table of their source, and what the ledger calls that. */
  private static final List<List<String>> TABLES =
      List.of(
          List.of("public", "notes", "notes"),
          List.of("shop", "notes", "shop.notes"),
          List.of("public", "odd.name", "odd.name"),
          List.of("Shop, append-only", "Größe", "Shop, append-only.Größe"));

  @Test
  void theSourceOfARawTableIsWhatTheLedgerCallsIt(@TempDir Path data) {
    try (TestWarehouse warehouse = TestWarehouse.start(data)) {
      for (List<String> table : TABLES) {
        String raw = RawNames.raw(table.get(0), table.get(1));
        warehouse.createRaw(raw.substring(RawNames.PREFIX.length()), COLUMNS, List.of("id"));
        warehouse.append("epochs", List.of(Changelog.epoch(table.get(2), 1, "completed", 1)));
      }
      warehouse.createRaw("unknown", COLUMNS, List.of("id"));

      assertThat(
              new Warehouse(
                      warehouse.client(),
                      Datasets.one(TestWarehouse.PROJECT, TestWarehouse.DATASET))
                  .rawTables().stream()
                      .collect(Collectors.toMap(RawTable::rawName, RawTable::source)))
          .containsEntry("raw_unknown", "unknown")
          .containsAllEntriesOf(
              TABLES.stream()
                  .collect(
                      Collectors.toMap(
                          table -> RawNames.raw(table.get(0), table.get(1)),
                          table -> table.get(2))));
    }
  }
}
