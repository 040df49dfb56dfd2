package io.gkp.connector.config;

import java.nio.file.Files;
import java.nio.file.Path;

/** What of a wrong setting may stand in a message: people put secrets where they do not belong. */
final class Shown {
  private static final int LONGEST = 64;

  private Shown() {}

  /** Connection strings, keys and tokens; short words are not, and help to find the mistake. */
  static boolean mayBeSecret(String text) {
    return text.length() > LONGEST
        || text.contains("://")
        || text.contains("@")
        || text.contains("-----")
        || text.matches("(?is).*(password|secret|token)\\s*=.*");
  }

  /** The path where it leads into a folder that is there; a secret in its place does not. */
  static String path(Path path) {
    Path folder = path.getParent();
    return folder != null && folder.getNameCount() > 0 && Files.isDirectory(folder)
        ? path.toString()
        : "the file that it names";
  }
}
