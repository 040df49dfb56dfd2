package io.gkp.connector.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.cli.Cli;
import io.gkp.connector.config.NewColumns;
import io.gkp.failure.Failure;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of columns that a captured table gets later, on each way that rows take. */
class NewColumnsTest {
  private final Deployment deployment = new Deployment("people");

  @BeforeEach
  void aTableIsExported() {
    deployment.database.execute(
        "CREATE TABLE people (id int PRIMARY KEY, name text)",
        "INSERT INTO people VALUES (1, 'one')");
    deployment.withNewColumns(NewColumns.REFUSE).drain();
  }

  @AfterEach
  void close() {
    deployment.close();
  }

  @Test
  void aRunIsRefusedUntilSomebodyHasDecided() {
    deployment.database.execute(
        "INSERT INTO people VALUES (2, 'two')",
        "ALTER TABLE people ADD COLUMN ssn text",
        "INSERT INTO people VALUES (3, 'three', 'hidden')");
    assertRefused("ssn");
    assertRefused("ssn"); // nothing has become of it by being tried
    assertThat(deployment.changelog("raw_people", "id")).containsExactly("r 1");

    Cli doctor = Cli.run(deployment, "doctor");
    assertThat(doctor.code()).isEqualTo(78);
    assertThat(doctor.out()).contains("new-columns", "nobody has decided on: ssn");
    Cli backfill =
        Cli.run(deployment, "offsets", "backfill", "--table=people", "--keys=1", "--yes");
    assertThat(backfill.code()).as(backfill.err()).isEqualTo(78);

    // Either answer of the message's: named, or let in by one run.
    deployment.protect(List.of("people.ssn"), List.of(), null).drain();
    assertThat(deployment.changelog("raw_people", "id", "name", "ssn"))
        .containsExactly("r 1 one -", "c 2 two -", "c 3 three -");
    deployment.database.execute(
        "ALTER TABLE people ADD COLUMN city text",
        "INSERT INTO people VALUES (4, 'four', 'hidden', 'Rome')");
    assertRefused("city");
    deployment.withNewColumns(NewColumns.EXPORT).drain();
    deployment.database.execute("INSERT INTO people VALUES (5, 'five', 'hidden', 'Oslo')");
    deployment.withNewColumns(NewColumns.REFUSE).drain();
    assertThat(deployment.changelog("raw_people", "id", "ssn", "city"))
        .endsWith("c 4 - Rome", "c 5 - Oslo");
    assertThat(Cli.run(deployment, "doctor", "--all").out())
        .contains("No column waits to be decided on; new-columns = refuse.");
  }

  @Test
  void columnsThatCameAndWentBetweenTwoRunsAreLeftOut() {
    deployment.database.execute(
        "ALTER TABLE people ADD COLUMN ssn text",
        "INSERT INTO people VALUES (2, 'two', 'hidden')",
        "ALTER TABLE people DROP COLUMN ssn",
        "INSERT INTO people VALUES (3, 'three')");
    deployment.drain();
    assertThat(deployment.changelog("raw_people", "id", "name", "ssn"))
        .containsExactly("r 1 one -", "c 2 two -", "c 3 three -");
    assertThat(deployment.raw("raw_people").toString()).doesNotContain("hidden");
  }

  @Test
  void aColumnThatCameLaterIsLeftOutOfStreamSnapshotAndBackfill() {
    deployment.withNewColumns(NewColumns.EXCLUDE);
    deployment.database.execute(
        "ALTER TABLE people ADD COLUMN ssn text DEFAULT 'hidden'",
        "INSERT INTO people VALUES (2, 'two')");
    RunReport report = deployment.drain();
    assertThat(report.warnings())
        .anySatisfy(
            warning -> {
              assertThat(warning.check()).isEqualTo("new-columns");
              assertThat(warning.what()).contains("people.ssn");
            });
    deployment.database.execute("UPDATE people SET name = 'uno' WHERE id = 1");
    deployment.drain();
    assertThat(reset()).isZero();
    deployment.drain();
    assertThat(
            Cli.run(deployment, "offsets", "backfill", "--table=people", "--keys=1", "--yes")
                .code())
        .isZero();
    Cli oracle =
        Cli.run(deployment, "offsets", "backfill", "--table=people", "--where=ssn > 'h'", "--yes");
    assertThat(oracle.code()).as(oracle.err()).isEqualTo(64);
    assertThat(deployment.drain().backfills()).hasSize(1);
    assertThat(deployment.raw("raw_people").toString()).doesNotContain("hidden");
    assertThat(deployment.query("SELECT id, ssn FROM `history.latest_people` ORDER BY id"))
        .hasToString("[[1, null], [2, null]]");
    assertThat(Cli.run(deployment, "doctor", "--all").out()).contains("are left out: people.ssn");
    Cli verify = Cli.run(deployment, "verify");
    assertThat(verify.code()).as(verify.out() + verify.err()).isZero();

    // A stricter choice keeps what was left out out, and asks for nothing.
    deployment.withNewColumns(NewColumns.REFUSE).drain();
    // Named, nothing is read anew; and nobody is reminded any more.
    deployment.protect(List.of("people.ssn"), List.of(), null);
    assertThat(deployment.drain().warnings())
        .extracting(warning -> warning.check())
        .doesNotContain("new-columns");
    deployment.protect(List.of(), List.of(), null);
    assertThat(deployment.run().error().code()).isEqualTo(Failure.CONFIGURATION.code());
    assertThat(reset()).isZero();
    deployment.drain();
    assertThat(deployment.query("SELECT id, ssn FROM `history.latest_people` ORDER BY id"))
        .hasToString("[[1, hidden], [2, hidden]]");
  }

  @Test
  void whatWasLeftOutIsExportedByAResetAndARunThatExportsAll() {
    deployment.withNewColumns(NewColumns.EXCLUDE);
    deployment.database.execute(
        "ALTER TABLE people ADD COLUMN city text", "INSERT INTO people VALUES (2, 'two', 'Rome')");
    deployment.drain();
    deployment.withNewColumns(NewColumns.EXPORT);
    RunReport refused = deployment.run();
    assertThat(refused.error().code()).isEqualTo(Failure.CONFIGURATION.code());
    assertThat(refused.error().remedy()).contains("offsets reset --table people");
    assertThat(reset()).isZero();
    deployment.drain();
    deployment.database.execute("INSERT INTO people VALUES (3, 'three', 'Oslo')");
    deployment.withNewColumns(NewColumns.EXCLUDE).drain();
    deployment.requireEqual("people", "id", "name", "city");
  }

  @Test
  void aKeyThatCameLaterIsNeverLeftOut() {
    deployment.withNewColumns(NewColumns.EXCLUDE);
    deployment.database.execute(
        "ALTER TABLE people DROP CONSTRAINT people_pkey, ADD COLUMN tenant int DEFAULT 1 NOT NULL,"
            + " ADD PRIMARY KEY (tenant, id)");
    assertRefused("tenant");
    deployment.withNewColumns(NewColumns.EXPORT).drain();
    deployment.withNewColumns(NewColumns.EXCLUDE).drain();
    deployment.requireEqual("people", "id", "name", "tenant");
  }

  private int reset() {
    return Cli.run(deployment, "offsets", "reset", "--table=people", "--yes").code();
  }

  private void assertRefused(String column) {
    RunReport report = deployment.run();
    assertThat(report.error().code()).isEqualTo(Failure.NEW_COLUMNS.code());
    assertThat(report.error().message()).contains(column);
  }
}
