package io.gkp.demo.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A directory that only this user can look into, for programs and files that others must not put
 * their own in the place of.
 */
final class PrivateDirectory {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private PrivateDirectory() {}

  /** Where programs that were unpacked stay for the next time: below the user's cache directory. */
  static Path cache() throws IOException {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path base =
        cache == null || cache.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return open(base.resolve("gkp-bigquery-export"));
  }

  /**
   * Creates the directory where it is missing.
   *
   * @throws IOException where somebody else owns it, or it leads elsewhere
   */
  static Path open(Path directory) throws IOException {
    Files.createDirectories(directory.getParent());
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(directory + " is not a directory; remove it");
    }
    Files.setPosixFilePermissions(directory, OWNER_ONLY); // its owner's right alone
    return directory;
  }
}
