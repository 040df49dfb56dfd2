package io.gkp.connector.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The pages of the documentation, as they stand in the checkout. */
public final class Pages {
  public static final Path TOP = Path.of("..");

  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");
  private static final Pattern SECTION = Pattern.compile("(?m)^## (.+)$");

  private Pages() {}

  /** README, changelog and everything below {@code docs/}. */
  public static List<Path> all() {
    try (Stream<Path> pages = Files.walk(TOP.resolve("docs"))) {
      return Stream.concat(
              Stream.of(TOP.resolve("README.md"), TOP.resolve("CHANGELOG.md")),
              pages.filter(page -> page.toString().endsWith(".md")).sorted())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A page below {@code docs/}, such as {@code operate/runbook.md}. */
  public static String text(String page) {
    return read(TOP.resolve("docs").resolve(page));
  }

  public static String read(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without what stands in fences, where a hash begins a comment and no heading. */
  static String prose(Path page) {
    return FENCED.matcher(read(page)).replaceAll("");
  }

  /**
   * The anchors that GitHub gives to a page's headings.
   *
   * @see <a href="https://docs.github.com/en/get-started/writing-on-github">the rules</a>: lower
   *     case, punctuation out, blanks to hyphens
   */
  static List<String> anchors(Path page) {
    return anchors(HEADING, page);
  }

  /** The anchors of a page's sections: its headings of the second level. */
  static List<String> sections(Path page) {
    return anchors(SECTION, page);
  }

  private static List<String> anchors(Pattern headings, Path page) {
    return headings
        .matcher(prose(page))
        .results()
        .map(heading -> heading.group(1).replaceAll("\\]\\([^)]*\\)", ""))
        .map(
            heading ->
                heading
                    .strip()
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-'))
        .toList();
  }
}
