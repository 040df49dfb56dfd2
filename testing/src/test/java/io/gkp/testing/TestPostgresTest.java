package io.gkp.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.ResultSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestPostgresTest {
  @Test
  void aFreshDatabaseHasLogicalWal() throws Exception {
    try (var connection = TestPostgres.shared().createDatabase().connect();
        ResultSet row = connection.createStatement().executeQuery("SHOW wal_level")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).isEqualTo("logical");
    }
  }

  @Test
  void aDatabaseIsInMemoryWhereThereIsRoom() {
    TestPostgres.Database database = TestPostgres.version(18).createDatabase();
    String place =
        "SELECT spcname FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace"
            + " WHERE datname = current_database()";
    assertThat(database.query(place))
        .containsExactly(List.of(Memory.hasRoom() ? "memory" : "pg_default"));
  }

  @Test
  void dataIsInitializedOnceForAllServersOfAVersion() throws Exception {
    Path one = DataFolders.of(18);
    Path another = DataFolders.of(18);
    try {
      Path identity = Path.of("global", "pg_control");
      assertThat(one.resolve(identity)).hasSameBinaryContentAs(another.resolve(identity));
      assertThat(Files.getPosixFilePermissions(one))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
      assertThat(one.resolve("postmaster.pid")).doesNotExist();
    } finally {
      Memory.delete(one);
      Memory.delete(another);
    }
  }

  @Test
  void whatAProcessLeftInMemoryGoesWithItsLock(@TempDir Path room) throws Exception {
    Path dead = room.resolve("gkp-postgres-1/5432");
    Path alive = room.resolve("gkp-postgres-2/lock");
    Path starting = room.resolve("new-gkp-postgres-3");
    Path other = room.resolve("other");
    for (Path folder : List.of(dead, alive.getParent(), starting, other)) {
      Files.createDirectories(folder);
      Files.createFile(folder.resolve("file"));
    }
    Files.createFile(dead.resolveSibling("lock"));
    Files.createDirectories(room.resolve("gkp-postgres-4/lock")); // fails when it is opened
    try (FileChannel file =
            FileChannel.open(alive, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = file.lock()) {
      Memory.deleteThoseOfTheDead(room);
    }
    assertThat(room.toFile().list())
        .containsExactlyInAnyOrder(
            "gkp-postgres-2", "gkp-postgres-4", "new-gkp-postgres-3", "other");
  }

  @Test
  void aSessionIsTakenAgainAndIsAsItBegan() {
    TestPostgres.Database database = TestPostgres.shared().createDatabase();
    database.execute(
        "CREATE TEMP TABLE own (id int)",
        "SET statement_timeout = '1h'",
        "SELECT pg_advisory_lock(7)");
    String state =
        "SELECT pg_backend_pid(), to_regclass('own'), current_setting('statement_timeout'),"
            + " (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory')";
    List<String> first = database.query(state).get(0);
    assertThat(first.subList(1, 4)).containsExactly(null, "0", "0");
    assertThat(database.query(state)).containsExactly(first);
    database.execute("ALTER DATABASE " + database.name() + " SET statement_timeout = '2h'");
    assertThat(database.query(state).get(0)).element(2).isEqualTo("2h");
  }

  @Test
  void aSessionThatWasEndedOrLeftInTheMiddleIsNotTakenAgain() {
    TestPostgres.Database database = TestPostgres.shared().createDatabase();
    String pid = database.query("SELECT pg_backend_pid()").get(0).get(0);
    TestPostgres.shared()
        .database("postgres")
        .execute("SELECT pg_terminate_backend(" + pid + ", 10000)");
    assertThat(database.query("SELECT 1")).hasSize(1);
    database.execute("BEGIN", "CREATE TABLE never (id int)");
    assertThat(database.query("SELECT to_regclass('never')").get(0).get(0)).isNull();
    assertThatThrownBy(() -> database.execute("nonsense"))
        .isInstanceOf(IllegalStateException.class);
    assertThat(database.query("SELECT 1")).hasSize(1);
  }
}
