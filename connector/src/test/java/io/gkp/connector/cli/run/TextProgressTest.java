package io.gkp.connector.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import io.gkp.offsets.Checkpoint;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TextProgressTest {
  private static final TableName ITEMS = TableName.parse("items");
  private static final TableName NOTES = TableName.parse("notes");

  private final StringWriter written = new StringWriter();
  private final TextProgress progress = new TextProgress(new PrintWriter(written), true);

  /** What a person sees after all the rewriting. */
  private List<String> screen() {
    List<String> lines = new ArrayList<>();
    String text = written.toString().replaceAll("\u001b\\[\\?7[hl]", "");
    for (String piece : text.split("(?=\u001b)")) {
      if (piece.matches("(?s)\u001b\\[\\d+A.*")) {
        int up = Integer.parseInt(piece.replaceFirst("(?s)\u001b\\[(\\d+)A.*", "$1"));
        for (int i = 0; i < up; i++) {
          lines.remove(lines.size() - 1);
        }
      } else {
        piece.replace("\u001b[J", "").lines().forEach(lines::add);
      }
    }
    return lines;
  }

  @Test
  void aTableThatIsReadHasOneLineWithWhatIsLeftByTheEstimate() {
    progress.phase("snapshot");
    progress.reading(ITEMS, 1_000);
    AtomicLong rows = new AtomicLong();
    await()
        .untilAsserted(
            () -> {
              progress.read(ITEMS, rows.incrementAndGet());
              assertThat(screen()).hasSize(2);
              assertThat(screen().get(1))
                  .matches(
                      "  items: \\d+ of about 1,000 rows, \\d+/s, 0 B loaded,"
                          + " about \\d+ (seconds|minutes|hours) left");
            });
    progress.loaded("items", 900, 2048);
    progress.read(ITEMS, 900);
    progress.readAll(ITEMS, 900);
    progress.reading(NOTES, -1);
    assertThat(screen().get(1)).matches("  items: 900 .*rows, [0-9,]+/s, 2\\.0 KiB loaded.*");
    assertThat(screen()).hasSize(2);
  }

  @Test
  void theStreamHasALinePerTableAndOneForTheLag() {
    progress.phase("stream");
    progress.streaming(new Lsn(1 << 20), new Lsn(5 << 20));
    progress.loaded("items", 10, 3_145_728);
    Map<TableName, Long> changes = new LinkedHashMap<>();
    changes.put(ITEMS, 1_000L);
    changes.put(NOTES, 7L);
    progress.streamed(new Lsn(3 << 19), changes);
    await()
        .untilAsserted(
            () -> {
              progress.streamed(new Lsn(2 << 20), changes);
              assertThat(screen()).hasSize(4);
              assertThat(screen().get(3))
                  .matches("  3\\.0 MiB of WAL left to read up to the fence, about \\d+ seconds");
            });
    assertThat(screen().get(1)).matches("  items: 1,000 changes(, [0-9,]+/s)?, 3\\.0 MiB loaded");
    assertThat(screen().get(2)).matches("  notes: 7 changes(, [0-9,]+/s)?, 0 B loaded");
    progress.committed(
        new Checkpoint(
            "l", 4, new Lsn(3 << 20), Checkpoint.Kind.STREAM, "run", Instant.EPOCH, 10, 1L));
    progress.phase("finish");
    assertThat(screen().get(1)).isEqualTo("  batch 4 committed: 10 rows, up to LSN 0/300000");
    assertThat(screen()).last().isEqualTo("finish ...");
    assertThat(screen()).hasSize(5);
  }
}
