package io.gkp.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The libraries on this process's class path, against the advisories that are known of them. */
public final class Libraries {
  private static final Path ADVISORIES = Path.of("..", ".ci", "advisories.txt");

  private Libraries() {}

  /** Versions by {@code group:artifact}, as a Maven repository lays its files out. */
  public static Map<String, String> onClassPath() {
    Map<String, String> libraries = new TreeMap<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      String[] path = entry.replace(File.separatorChar, '/').split("/repository/");
      if (path.length == 2 && entry.endsWith(".jar")) {
        String[] parts = path[1].split("/");
        String group = String.join(".", Arrays.copyOf(parts, parts.length - 3));
        libraries.put(group + ":" + parts[parts.length - 3], parts[parts.length - 2]);
      }
    }
    return libraries;
  }

  /**
   * The lines of {@code .ci/advisories.txt} that a library is too old for.
   *
   * @param libraries versions by {@code group:artifact}
   */
  public static List<String> breached(Map<String, String> libraries) {
    return advisories().stream()
        .filter(
            line -> {
              String[] words = line.split(" ");
              String there = libraries.get(words[0]);
              return there != null && (words[1].equals("never") || isOlder(there, words[1]));
            })
        .toList();
  }

  private static List<String> advisories() {
    try {
      return Files.readAllLines(ADVISORIES).stream().filter(line -> !line.startsWith("#")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** By the numbers in them. */
  private static boolean isOlder(String version, String mended) {
    String[] numbers = version.split("[^0-9]+");
    String[] others = mended.split("[^0-9]+");
    for (int i = 0; i < others.length; i++) {
      long number = i < numbers.length ? Long.parseLong(numbers[i]) : 0;
      if (number != Long.parseLong(others[i])) {
        return number < Long.parseLong(others[i]);
      }
    }
    return false;
  }
}
