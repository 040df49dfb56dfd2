package io.gkp.localbigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.QueryJobConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server leaves on the disk. */
class DataDirectoryTest {
  @TempDir Path folder;

  @Test
  void aKilledServerLeavesNothingInTheTemporaryDirectory() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    try (ChildServer server =
        ChildServer.start(folder.resolve("data"), "-Djava.io.tmpdir=" + temporary)) {
      answers(Clients.client(server.host()));
      server.kill();
    }
    assertThat(files(temporary)).noneMatch(Files::isRegularFile);
  }

  @Test
  void whatAKilledServerSpilledIsGoneWhenTheNextOneHasStarted() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    Path spilled = Files.createDirectories(data.resolve("spill")).resolve("duckdb_temp_storage");
    Files.writeString(spilled, "rows");
    try (LocalBigQuery server = LocalBigQuery.start(data, 0)) {
      answers(Clients.client(server.host()));
      assertThat(spilled).doesNotExist();
    }
  }

  @Test
  void aServerWithoutADataDirectoryForgetsEverythingAndLeavesNoFile() throws Exception {
    Path kept;
    try (DataDirectory directory = DataDirectory.inMemory()) {
      kept = directory.path();
      assertThat(kept).isDirectory();
    }
    assertThat(kept).doesNotExist();
    try (LocalBigQuery server = LocalBigQuery.inMemory().start()) {
      BigQuery client = Clients.client(server.host());
      client.create(DatasetInfo.of("raw"));
      client.query(QueryJobConfiguration.of("CREATE TABLE raw.t AS SELECT 1 AS a"));
      assertThat(
              client.query(QueryJobConfiguration.of("SELECT a FROM raw.t")).iterateAll().iterator())
          .toIterable()
          .hasSize(1);
    }
    try (LocalBigQuery next = LocalBigQuery.inMemory().start()) {
      assertThat(Clients.client(next.host()).listDatasets().getValues()).isEmpty();
    }
  }

  @Test
  void aDirectoryOfTheFormatBeforeThisOneIsRefusedWithWhatToDo() throws IOException {
    Files.createDirectories(folder.resolve("old").resolve("datasets"));
    assertThatThrownBy(() -> LocalBigQuery.start(folder.resolve("old"), 0))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("was written by an earlier version")
        .hasMessageContaining("Give another one, or delete it");
    // The lock must not stay with a server that did not start.
    Files.delete(folder.resolve("old").resolve("datasets"));
    LocalBigQuery.start(folder.resolve("old"), 0).close();
  }

  private static void answers(BigQuery client) throws InterruptedException {
    assertThat(client.query(QueryJobConfiguration.of("SELECT UPPER('a') AS u")).getTotalRows())
        .isEqualTo(1);
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }
}
