package io.gkp.localbigquery.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NdjsonLinesTest {
  @TempDir Path directory;

  @Test
  void linesAreToldWithTheirNumberAndPlaceBlankOnesLeftOut() throws IOException {
    assertThat(read("a\n\n  \r\nbb\r\nccc")).containsExactly("1@0 a", "4@7 bb\r", "5@11 ccc");
  }

  @Test
  void aLineLongerThanTheBufferComesWhole() throws IOException {
    String wide = "x".repeat(200_000);
    assertThat(read("a\n" + wide + "\nb")).containsExactly("1@0 a", "2@2 " + wide, "3@200003 b");
  }

  @Test
  void aFileOfNothingHasNoLines() throws IOException {
    assertThat(read("")).isEmpty();
    assertThat(read("\n\n")).isEmpty();
  }

  private List<String> read(String content) throws IOException {
    Path file = Files.writeString(directory.resolve("lines"), content);
    List<String> lines = new ArrayList<>();
    try (NdjsonLines in = new NdjsonLines(file)) {
      while (in.next()) {
        String text = new String(in.bytes(), 0, in.length(), StandardCharsets.UTF_8);
        lines.add(in.number() + "@" + in.start() + " " + text);
      }
    }
    return lines;
  }
}
