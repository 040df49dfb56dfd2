package io.gkp.connector.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/** A file that holds a secret. */
public record SecretFile(Path path) {
  /** The file's text. */
  public String read() throws IOException {
    return Files.readString(path, StandardCharsets.UTF_8);
  }

  /**
   * Says so where others than the owner may read it; empty where they may not, or the file system
   * cannot tell.
   */
  public Optional<String> warning() {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
      return permissions.contains(PosixFilePermission.GROUP_READ)
              || permissions.contains(PosixFilePermission.OTHERS_READ)
          ? Optional.of(
              "File %s holds a secret and can be read by others than its owner. Run chmod 600 %s"
                  .formatted(path, path))
          : Optional.empty();
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }
}
