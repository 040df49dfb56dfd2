package io.gkp.connector.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** Lines of {@code key = value}, in the form of {@link Properties}; their numbers are known. */
final class ConfigFile {
  /**
   * One setting.
   *
   * @param number of its first line, from 1 on
   */
  record Line(int number, String key, String value) {}

  private ConfigFile() {}

  /**
   * The file's lines, in order.
   *
   * @throws IllegalArgumentException for an escape that is none
   */
  static List<Line> read(Path path) throws IOException {
    List<Line> lines = new ArrayList<>();
    StringBuilder logical = new StringBuilder();
    int first = 1;
    int number = 0;
    for (String natural : Files.readAllLines(path, StandardCharsets.UTF_8)) {
      number++;
      if (logical.isEmpty()) {
        first = number;
      }
      logical.append(natural).append('\n');
      if (!isContinued(natural)) {
        add(lines, first, logical.toString());
        logical.setLength(0);
      }
    }
    add(lines, first, logical.toString());
    return lines;
  }

  private static void add(List<Line> lines, int number, String text) throws IOException {
    Properties one = new Properties();
    one.load(new StringReader(text));
    one.stringPropertyNames()
        .forEach(key -> lines.add(new Line(number, key, one.getProperty(key).strip())));
  }

  /** A comment is not, whatever it ends with. */
  private static boolean isContinued(String line) {
    return !line.matches("\\s*[#!].*") && line.matches("(?:.*[^\\\\])?(?:\\\\\\\\)*\\\\");
  }
}
