package io.gkp.testing;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The bundled programs of PostgreSQL's versions, unpacked once for all modules of a build, where
 * nobody else can put others in their place.
 *
 * <p>The library unpacks them in Java, which takes seven seconds each. The system's {@code tar}
 * takes one: it goes ahead, to the place where the library looks first. Where it fails, or where
 * the library comes to look elsewhere, that does its work itself.
 */
final class Programs {
  /** Of the whole build. The library opens its own directory to everybody. */
  static final Path OWNERS =
      build().resolve(Path.of("target", "postgres-servers")).toAbsolutePath();

  static final Path FOLDER = OWNERS.resolve("programs");

  private static final Map<Integer, PgBinaryResolver> ARCHIVES = new ConcurrentHashMap<>();

  private Programs() {}

  private static Path build() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder.getParent() != null && Files.exists(folder.resolveSibling("pom.xml"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  /**
   * The archive of one version's programs, unpacked when it is asked for; the library keeps what it
   * knows of a place by this object.
   *
   * @param isOfTheLibrary whether it is the version that the library brings along
   */
  static PgBinaryResolver of(int major, boolean isOfTheLibrary) {
    return ARCHIVES.computeIfAbsent(
        major,
        version ->
            (system, machine) -> {
              byte[] archive = isOfTheLibrary ? bundled(system, machine) : copied(version);
              unpack(archive);
              return new ByteArrayInputStream(archive);
            });
  }

  private static byte[] bundled(String system, String machine) throws IOException {
    try (InputStream archive =
        DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machine)) {
      return archive.readAllBytes();
    }
  }

  /** The archive inside the artifact that the build has copied. */
  private static byte[] copied(int major) throws IOException {
    Path artifact = Path.of(System.getProperty("postgres.binaries"), major + ".jar");
    try (ZipFile jar = new ZipFile(artifact.toFile())) {
      ZipEntry archive =
          jar.stream()
              .filter(entry -> entry.getName().endsWith(".txz"))
              .map(ZipEntry.class::cast)
              .findFirst()
              .orElseThrow();
      try (InputStream content = jar.getInputStream(archive)) {
        return content.readAllBytes();
      }
    }
  }

  /** Other processes of the tests may come to do it at the same time. */
  private static void unpack(byte[] archive) throws IOException {
    Path programs = FOLDER.resolve("PG-" + HexFormat.of().formatHex(md5(archive)));
    createFolder();
    try (FileChannel file =
            FileChannel.open(
                OWNERS.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock turn = file.lock()) {
      if (Files.exists(programs)) {
        return;
      }
      Path packed = Files.createTempFile(OWNERS, "programs", ".txz");
      Path unpacked = Files.createTempDirectory(OWNERS, "programs");
      Files.write(packed, archive);
      Process tar =
          new ProcessBuilder("tar", "-xJf", packed.toString(), "-C", unpacked.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (tar.waitFor() == 0) {
        Files.setPosixFilePermissions(unpacked, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createFile(
            unpacked.resolve(".exists")); // by which the library knows that it is whole
        Files.move(unpacked, programs);
      }
      Files.delete(packed);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // No tar: the library does without.
    }
  }

  static void createFolder() {
    try {
      Files.createDirectories(OWNERS);
      Files.setPosixFilePermissions(OWNERS, PosixFilePermissions.fromString("rwx------"));
      Files.createDirectories(FOLDER);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] md5(byte[] archive) {
    try {
      return MessageDigest.getInstance("MD5").digest(archive);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JVM has it
    }
  }
}
