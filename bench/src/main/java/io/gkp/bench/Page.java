package io.gkp.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of the documentation that shows the newest results between two marks. */
final class Page {
  private static final String BEGIN = "<!-- What ./gkp_cli bench --page has measured. -->\n";
  private static final String END = "<!-- Until here. -->\n";
  private static final String CHART = "images/benchmark.svg";

  private final Path file;
  private final String text;

  /**
   * @throws IOException where there is no such page
   * @throws IllegalArgumentException where it has no marks
   */
  Page(Path file) throws IOException {
    this.file = file;
    this.text = Files.readString(file);
    if (!text.contains(BEGIN) || text.indexOf(END) < text.indexOf(BEGIN)) {
      throw new IllegalArgumentException(file + " does not say where results belong.");
    }
  }

  /**
   * @param results in Markdown
   */
  void write(String results, String chart) throws IOException {
    String before = text.substring(0, text.indexOf(BEGIN) + BEGIN.length());
    String after = text.substring(text.indexOf(END));
    Files.writeString(file, before + "\n" + results.strip() + "\n\n" + after);
    Files.writeString(file.resolveSibling(CHART), chart);
  }
}
