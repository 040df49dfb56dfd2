package io.gkp.localbigquery;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobStatistics.LoadStatistics;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.TableDataWriteChannel;
import com.google.cloud.bigquery.TableId;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeLoadTest {
  private static final int ROWS = 1_000_000;
  private static final String FILLER = "x".repeat(172);

  @TempDir Path data;

  @Test
  void aMillionRowsOf200BytesLoadInASmallHeap() throws Exception {
    try (ChildServer server = ChildServer.start(data, "-Xmx192m", "-XX:+ExitOnOutOfMemoryError")) {
      BigQuery client = Clients.client(server.host());
      client.create(DatasetInfo.of("raw"));
      Schema schema =
          Schema.of(
              Field.of("id", StandardSQLTypeName.INT64),
              Field.of("text", StandardSQLTypeName.STRING));
      JobId id = Clients.freshId();
      TableDataWriteChannel channel =
          client.writer(id, Clients.load("raw", "wide", schema).build());
      try (OutputStream out =
          new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 20)) {
        for (int i = 0; i < ROWS; i++) {
          out.write(line(i));
        }
      }
      Job job = Clients.done(client, id);

      assertThat(job.getStatus().getError()).isNull();
      LoadStatistics statistics = job.getStatistics();
      assertThat(statistics.getInputBytes()).isEqualTo(200L * ROWS);
      assertThat(statistics.getOutputRows()).isEqualTo(ROWS);
      assertThat(client.getTable(TableId.of("raw", "wide")).getNumRows()).isEqualTo(ROWS);
      assertThat(
              client
                  .listTableData(
                      TableId.of("raw", "wide"), BigQuery.TableDataListOption.startIndex(ROWS - 1))
                  .getValues())
          .singleElement()
          .satisfies(
              row -> assertThat(row.get(0).getLongValue()).isEqualTo(1_000_000_000L + ROWS - 1));
    }
  }

  private static byte[] line(int i) {
    String line = "{\"id\":" + (1_000_000_000 + i) + ",\"text\":\"" + FILLER + "\"}\n";
    return line.getBytes(StandardCharsets.US_ASCII);
  }
}
