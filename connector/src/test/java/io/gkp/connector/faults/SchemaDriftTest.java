package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables that change their shape between runs, and while changes of both shapes are waiting. */
class SchemaDriftTest {
  private final Deployment deployment = new Deployment("items");

  @BeforeEach
  void start() {
    deployment.database.execute(
        "CREATE TABLE items (id int PRIMARY KEY, name text, amount int)",
        "INSERT INTO items VALUES (1, 'one', 1)");
    deployment.drain();
  }

  @AfterEach
  void end() {
    deployment.close();
  }

  @Test
  void aNewColumnAppears() {
    RunReport report =
        after(
            "INSERT INTO items VALUES (2, 'two', 2)",
            "ALTER TABLE items ADD COLUMN note text DEFAULT 'none'",
            "INSERT INTO items VALUES (3, 'three', 3, 'here')");
    assertThat(report.schemaChanges()).containsExactly("raw_items: new column note STRING");
    assertThat(deployment.changelog("raw_items", "id", "note"))
        .containsExactly("r 1 -", "c 2 -", "c 3 here");
  }

  @Test
  void aDroppedColumnStays() {
    after(
        "INSERT INTO items VALUES (2, 'two', 2)",
        "ALTER TABLE items DROP COLUMN amount",
        "INSERT INTO items VALUES (3, 'three')");
    assertThat(deployment.changelog("raw_items", "id", "name", "amount"))
        .containsExactly("r 1 one 1", "c 2 two 2", "c 3 three -");
  }

  @Test
  void aRenamedColumnIsAnotherColumn() {
    RunReport report =
        after(
            "INSERT INTO items VALUES (2, 'two', 2)",
            "ALTER TABLE items RENAME COLUMN amount TO total",
            "INSERT INTO items VALUES (3, 'three', 3)");
    assertThat(report.schemaChanges()).containsExactly("raw_items: new column total INT64");
    assertThat(deployment.changelog("raw_items", "id", "amount", "total"))
        .containsExactly("r 1 1 -", "c 2 2 -", "c 3 - 3");
  }

  @Test
  void aTypeThatWidensWidensItsColumn() {
    RunReport report =
        after(
            "INSERT INTO items VALUES (2, 'two', 2)",
            "ALTER TABLE items ALTER COLUMN amount TYPE numeric(20,4)",
            "INSERT INTO items VALUES (3, 'three', 3.25)");
    assertThat(report.schemaChanges())
        .containsExactly("raw_items: column amount widened from INT64 to NUMERIC");
    assertThat(deployment.changelog("raw_items", "id", "amount"))
        .containsExactly("r 1 1", "c 2 2", "c 3 3.25");
  }

  @Test
  void aTypeThatChangesOtherwiseGoesToAColumnOfItsOwn() {
    RunReport report =
        after(
            "INSERT INTO items VALUES (2, 'two', 2)",
            "ALTER TABLE items ALTER COLUMN amount TYPE text",
            "INSERT INTO items VALUES (3, 'three', 'many')");
    assertThat(report.schemaChanges())
        .containsExactlyInAnyOrder(
            "raw_items: new column amount__string STRING",
            "raw_items: column amount changed its type incompatibly; its values now go to"
                + " amount__string, amount keeps the older ones");
    assertThat(deployment.changelog("raw_items", "id", "amount", "amount__string"))
        .containsExactly("r 1 1 -", "c 2 2 -", "c 3 - many");
  }

  @Test
  void constraintsAndDefaultsMayComeAndGo() {
    RunReport report =
        after(
            "ALTER TABLE items ALTER COLUMN name SET NOT NULL",
            "INSERT INTO items VALUES (2, 'two', 2)",
            "ALTER TABLE items ALTER COLUMN name DROP NOT NULL, ALTER COLUMN amount SET DEFAULT 9",
            "INSERT INTO items (id) VALUES (3)",
            "DELETE FROM items WHERE id = 2");
    assertThat(report.schemaChanges()).isEmpty();
    assertThat(deployment.changelog("raw_items", "id", "name", "amount"))
        .containsExactly("r 1 one 1", "c 2 two 2", "c 3 - 9", "d 2 - -");
  }

  @Test
  void aPrimaryKeyMayChange() {
    after(
        "UPDATE items SET amount = 2 WHERE id = 1",
        "ALTER TABLE items DROP CONSTRAINT items_pkey",
        "ALTER TABLE items ADD PRIMARY KEY (name, id)",
        "UPDATE items SET amount = 3 WHERE id = 1",
        "DELETE FROM items WHERE id = 1");
    assertThat(deployment.changelog("raw_items", "id", "name", "amount"))
        .containsExactly("r 1 one 1", "u 1 one 2", "u 1 one 3", "d 1 one -");
  }

  @Test
  void deletesFromBeforeARenamedKeyKeepTheirKey() {
    after(
        "INSERT INTO items VALUES (2, 'two', 2)",
        "DELETE FROM items WHERE id = 1",
        "ALTER TABLE items RENAME COLUMN id TO item_id",
        "DELETE FROM items WHERE item_id = 2");
    assertThat(deployment.changelog("raw_items", "id", "item_id", "name"))
        .containsExactly("r 1 - one", "c 2 - two", "d 1 - -", "d - 2 -");
  }

  @Test
  void aTableWithoutAKeyAndATableAddedLaterAreCaptured() {
    deployment.database.execute(
        "CREATE TABLE log (at int, what text)",
        "ALTER TABLE log REPLICA IDENTITY FULL",
        "INSERT INTO log VALUES (1, 'begun')");
    deployment.capture("items", "log");
    assertThat(deployment.drain().tables().get("log").snapshotRows()).isEqualTo(1);
    after("UPDATE log SET what = 'done'", "DELETE FROM log");
    assertThat(deployment.changelog("raw_log", "at", "what"))
        .containsExactly("r 1 begun", "u 1 done", "d 1 done");
  }

  /** A run that meets all of these changes in one stream. */
  private RunReport after(String... statements) {
    deployment.database.execute(statements);
    return deployment.drain();
  }
}
