package io.gkp.demo.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir Path parent;

  @Test
  void aTemporaryOneIsDeletedWithItsContent() throws Exception {
    Path path;
    try (DataDirectory directory = DataDirectory.temporary()) {
      path = directory.path();
      Files.createDirectories(directory.postgres());
      Files.writeString(directory.postgres().resolve("file"), "content");
    }
    assertThat(path).doesNotExist();
  }

  @Test
  void aNamedOneStays() throws Exception {
    try (DataDirectory directory = DataDirectory.at(parent.resolve("new"))) {
      Files.createDirectories(directory.bigQuery());
    }
    assertThat(parent.resolve("new/bigquery")).exists();
  }

  @Test
  void aDirectoryWithContentIsRefused() throws Exception {
    Files.writeString(parent.resolve("mine"), "content");
    assertThatThrownBy(() -> DataDirectory.at(parent)).hasMessageContaining("is not empty");
    assertThat(parent.resolve("mine")).exists();
  }
}
