package io.gkp.connector.mapping.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gkp.connector.mapping.schema.RawTable;
import io.gkp.connector.source.table.ColumnHash;
import io.gkp.connector.source.table.ColumnProtection;
import io.gkp.connector.source.table.PostgresType;
import io.gkp.connector.source.table.PostgresType.Kind;
import io.gkp.connector.source.table.SourceColumn;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.connector.wire.Tuple;
import io.gkp.raw.StableHash;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangeRowWriterTest {
  private static final PostgresType TEXT = builtIn("text");
  private static final SourceColumn ID =
      new SourceColumn("id", builtIn("int8"), -1, true, 1, false);
  private static final RawTable TABLE =
      RawTable.of(
          new SourceTable(
              "public",
              "t",
              List.of(ID, new SourceColumn("a", TEXT), new SourceColumn("b", builtIn("json")))));

  private static PostgresType builtIn(String name) {
    return PostgresType.base(1, "pg_catalog", name, Kind.BASE);
  }

  @Test
  void aLineHoldsTheValuesThenTheMetadata() {
    assertThat(LoadRow.write(TABLE, ChangeOp.UPDATE, "1", "x", null))
        .isEqualTo(
            "{\"id\":1,\"a\":\"x\",\"_cdc_op\":\"u\",\"_cdc_epoch\":1,\"_cdc_batch\":2,\"_cdc_row\":3,"
                + "\"_cdc_lsn\":4,\"_cdc_tx_id\":5,\"_cdc_committed_at\":\"1970-01-01T00:00:00Z\","
                + "\"_cdc_ingested_at\":\"1970-01-01T00:00:01Z\",\"_cdc_run_id\":\"run\"}\n");
  }

  @Test
  void timesKeepMicrosecondsAndWhatIsUnknownIsLeftOut() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RowMeta meta =
        new RowMeta(
            1, 2, Long.MAX_VALUE, null, null, null, Instant.ofEpochSecond(0, 123456789), "run");
    new ChangeRowWriter(TABLE).write(out, ChangeOp.READ, Tuple.of("1", null, null), meta);

    assertThat(out.toString())
        .isEqualTo(
            "{\"id\":1,\"_cdc_op\":\"r\",\"_cdc_epoch\":1,\"_cdc_batch\":2,"
                + "\"_cdc_row\":\"9223372036854775807\","
                + "\"_cdc_ingested_at\":\"1970-01-01T00:00:00.123456Z\",\"_cdc_run_id\":\"run\"}\n");
  }

  @Test
  void aRowBeyondTheLimitLosesItsLongestValuesOnly() {
    ChangeRowWriter writer = new ChangeRowWriter(TABLE, 1_000);
    String line = LoadRow.write(writer, ChangeOp.CREATE, "1", "é".repeat(600), "[1]");

    assertThat(LoadRow.brief(line))
        .isEqualTo(
            "{\"id\":1,\"b\":[1],\"_cdc_op\":\"c\",\"_cdc_lossy\":[{\"column\":\"a\",\"text\":"
                + "\"600 characters, sha256 "
                + StableHash.hex("é".repeat(600), 64)
                + "\",\"reason\":\"row_size\"}]}");
  }

  @Test
  void aRowBeyondTheLimitTellsNothingOfAHashedValue() {
    ColumnHash hash = new ColumnHash("a salt of the test".getBytes(StandardCharsets.UTF_8));
    SourceColumn hashed =
        new SourceColumn("a", TEXT, -1, false, 0, false, ColumnProtection.hashed(hash), null);
    SourceColumn excluded =
        new SourceColumn("x", TEXT, -1, false, 0, false, ColumnProtection.EXCLUDED, null);
    RawTable table =
        RawTable.of(
            new SourceTable(
                "public", "t", List.of(ID, hashed, excluded, new SourceColumn("b", TEXT))));
    String line =
        LoadRow.write(
            new ChangeRowWriter(table, 1_000),
            ChangeOp.CREATE,
            "1",
            "s".repeat(9_000),
            "x".repeat(9_000),
            "b".repeat(1_500));

    assertThat(LoadRow.brief(line))
        .isEqualTo(
            "{\"id\":1,\"a\":\""
                + hash.of("s".repeat(9_000))
                + "\",\"_cdc_op\":\"c\",\"_cdc_lossy\":[{\"column\":\"b\",\"text\":"
                + "\"1500 characters, sha256 "
                + StableHash.hex("b".repeat(1_500), 64)
                + "\",\"reason\":\"row_size\"}]}");
  }

  @Test
  void lossyTextCountsTowardsTheLimit() {
    ChangeRowWriter writer = new ChangeRowWriter(TABLE, 1_000);
    String line = LoadRow.write(writer, ChangeOp.CREATE, "1", "x", "1".repeat(2_000));

    assertThat(line).contains("\"a\":\"x\"").contains("row_size").hasSizeLessThan(1_000);
  }

  @Test
  void aWriterGoesOnAfterAFailedWrite() {
    ChangeRowWriter writer = new ChangeRowWriter(TABLE);
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("disk full");
          }
        };
    Tuple values = Tuple.of("1", "x", null);
    assertThatThrownBy(() -> writer.write(full, ChangeOp.CREATE, values, LoadRow.META))
        .isInstanceOf(IOException.class);
    assertThat(LoadRow.brief(LoadRow.write(writer, ChangeOp.CREATE, "1", "x", null)))
        .isEqualTo("{\"id\":1,\"a\":\"x\",\"_cdc_op\":\"c\"}");
  }

  @Test
  void textOfAnotherFormThanTheTypesIsKept() {
    assertThat(LoadRow.brief(LoadRow.write(TABLE, ChangeOp.CREATE, "one", null, "\"open")))
        .isEqualTo(
            "{\"_cdc_op\":\"c\",\"_cdc_lossy\":["
                + "{\"column\":\"id\",\"text\":\"one\",\"reason\":\"malformed\"},"
                + "{\"column\":\"b\",\"text\":\"\\\"open\",\"reason\":\"malformed\"}]}");
  }

  @Test
  void theNumberOfValuesMustBeTheTables() {
    assertThatThrownBy(() -> LoadRow.write(TABLE, ChangeOp.CREATE, "1"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
