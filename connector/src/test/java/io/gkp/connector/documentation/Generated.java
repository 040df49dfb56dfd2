package io.gkp.connector.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A part of a page that is made from the code: what stands between {@code <!-- generated: NAME -->}
 * and {@code <!-- end -->}.
 */
final class Generated {
  /** {@code -Ddocs.rewrite} writes the pages anew instead of comparing them. */
  private static final boolean REWRITE = System.getProperty("docs.rewrite") != null;

  private Generated() {}

  /**
   * Fails where page and code differ.
   *
   * @param page below {@code docs/}
   */
  static void agrees(String page, String name, String expected) {
    Path file = Pages.TOP.resolve("docs").resolve(page);
    String text = Pages.read(file);
    String begin = "<!-- generated: " + name + " -->\n";
    int start = text.indexOf(begin);
    assertThat(start).as(begin.strip() + " in " + file).isNotNegative();
    start += begin.length();
    int end = text.indexOf("<!-- end -->", start);
    String wanted = "\n" + expected.strip() + "\n\n";
    if (REWRITE) {
      write(file, text.substring(0, start) + wanted + text.substring(end));
      return;
    }
    assertThat(text.substring(start, end))
        .as(file + " differs from the code; run this test with -Ddocs.rewrite")
        .isEqualTo(wanted);
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
