package io.gkp.connector.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/**
 * The version, commit and its date, which reports of faults need. A build writes them down; from a
 * checkout the launcher tells. The time of the build is not among them: two builds of one commit
 * are the same.
 */
final class Version implements IVersionProvider {
  private static final String BUILT = "/gkp-version.properties";

  @Override
  public String[] getVersion() {
    Properties built = new Properties();
    try (InputStream file = Version.class.getResourceAsStream(BUILT)) {
      if (file != null) {
        built.load(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new String[] {
      "gkp_cli %s (commit %s of %s)"
          .formatted(
              known(built.getProperty("version")),
              known(System.getProperty("gkp.commit", built.getProperty("commit"))),
              known(System.getProperty("gkp.date", built.getProperty("date"))))
    };
  }

  /** A property that the build did not fill in is as good as none. */
  private static String known(String value) {
    return value == null || value.isBlank() || value.startsWith("${") ? "unknown" : value;
  }
}
