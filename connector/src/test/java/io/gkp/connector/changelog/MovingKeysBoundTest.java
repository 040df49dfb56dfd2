package io.gkp.connector.changelog;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.changelog.StreamBatcher.EpochTable;
import io.gkp.connector.mapping.row.ChangeOp;
import io.gkp.connector.source.stream.Change;
import io.gkp.connector.source.stream.Change.Row;
import io.gkp.connector.source.stream.ChangeHandler;
import io.gkp.connector.source.table.PostgresType;
import io.gkp.connector.source.table.SourceColumn;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.connector.wire.Tuple;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import io.gkp.offsets.Epoch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A transaction of which more would have to be held than may be. */
class MovingKeysBoundTest {
  private static final TableName TABLE = new TableName("public", "t");

  private final List<String> passed = new ArrayList<>();
  private final List<String> doubts = new ArrayList<>();

  @Test
  void isPassedOnAsItComesAndTheTableIsReadAnew() throws InterruptedException {
    PostgresType text =
        new PostgresType(25, "pg_catalog", "text", PostgresType.Kind.BASE, null, -1, ',');
    SourceTable layout =
        new SourceTable(
            "public",
            "t",
            List.of(new SourceColumn("id", text, -1, true, 1, false), new SourceColumn("v", text)),
            true,
            true);
    MovingKeys keys =
        new MovingKeys(
            new Passed(),
            Map.of(
                TABLE,
                new EpochTable(null, new Epoch("t", 1, Epoch.State.COMPLETED, 3, null, null))),
            (table, epoch, why) -> doubts.add(table + ": " + why),
            2_000);

    keys.change(moved(layout, "1", "2"));
    assertThat(passed).as("held").isEmpty();
    keys.change(moved(layout, "2", "3"));
    keys.change(moved(layout, "3", "4"));
    assertThat(passed).as("passed on at the bound").hasSize(3);
    keys.transactionEnd(new Lsn(7));
    assertThat(passed)
        .containsExactly("DELETE 1 CREATE 2", "DELETE 2 CREATE 3", "DELETE 3 CREATE 4", "end");
    assertThat(doubts).singleElement().asString().startsWith("t: One transaction changed more");

    passed.clear();
    keys.change(moved(layout, "4", "4"));
    keys.transactionEnd(new Lsn(8));
    assertThat(passed).as("the next transaction is held again").containsExactly("UPDATE 4", "end");
  }

  private static Change moved(SourceTable layout, String from, String to) {
    return new Change(
        TABLE,
        layout,
        List.of(
            new Row(ChangeOp.DELETE, Tuple.of(from, "x")),
            new Row(ChangeOp.CREATE, Tuple.of(to, "y"))),
        1,
        1,
        Instant.EPOCH);
  }

  private final class Passed implements ChangeHandler {
    @Override
    public void change(Change change) {
      passed.add(
          String.join(
              " ",
              change.rows().stream()
                  .map(row -> row.operation() + " " + row.values().text(0))
                  .toList()));
    }

    @Override
    public boolean fence(Lsn position) {
      return false;
    }

    @Override
    public boolean transactionEnd(Lsn end) {
      passed.add("end");
      return true;
    }

    @Override
    public Lsn durable() {
      return Lsn.NONE;
    }
  }
}
