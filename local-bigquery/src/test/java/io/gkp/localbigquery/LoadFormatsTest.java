package io.gkp.localbigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.CsvOptions;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.FormatOptions;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.JobInfo.SchemaUpdateOption;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.WriteChannelConfiguration;
import io.gkp.localbigquery.junit.LocalBigQueryExtension;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** CSV, Parquet and detected schemas. */
class LoadFormatsTest {
  @RegisterExtension static final LocalBigQueryExtension SERVER = new LocalBigQueryExtension();

  private static final AtomicInteger TABLES = new AtomicInteger();
  private static BigQuery client;

  private final TableId table = TableId.of("formats", "t" + TABLES.incrementAndGet());

  @BeforeAll
  static void connect() {
    client =
        BigQueryOptions.newBuilder()
            .setHost(SERVER.host())
            .setProjectId("formats")
            .setCredentials(NoCredentials.getInstance())
            .build()
            .getService();
    client.create(DatasetInfo.of("formats"));
  }

  @Test
  void csvTellsNothingFromAnEmptyTextAndReadsQuotes() throws Exception {
    Schema schema =
        Schema.of(
            Field.of("id", StandardSQLTypeName.INT64),
            Field.of("s", StandardSQLTypeName.STRING),
            Field.of("b", StandardSQLTypeName.BOOL),
            Field.of("j", StandardSQLTypeName.JSON));
    CsvOptions options =
        CsvOptions.newBuilder().setSkipLeadingRows(1).setAllowQuotedNewLines(true).build();

    load(
        "id,s,b,j\r\n1,\"a,\"\"b\"\"\nc\",yes,\"{\"\"x\"\": 1}\"\n\n2,,0,\n,\"\",,null\n",
        WriteChannelConfiguration.newBuilder(table, options).setSchema(schema));

    assertThat(rows("SELECT id, s, b, TO_JSON_STRING(j) FROM %s ORDER BY id"))
        .containsExactly("null  null null", "1 a,\"b\"\nc true {\"x\":1}", "2 null false null");
  }

  @Test
  void csvIsRefusedWhereARowDoesNotFit() throws Exception {
    Schema schema =
        Schema.of(
            Field.of("id", StandardSQLTypeName.INT64), Field.of("s", StandardSQLTypeName.STRING));
    for (String bad : List.of("1,a,b\n", "1\n", "x,a\n", "1,\"a\n", "1,\"a\"b\n")) {
      Job job =
          run(
              bad.getBytes(StandardCharsets.UTF_8),
              WriteChannelConfiguration.newBuilder(table, FormatOptions.csv()).setSchema(schema));
      assertThat(job.getStatus().getError()).as(bad).isNotNull();
    }
    assertThat(client.getTable(table)).isNull();
  }

  @Test
  void aSchemaIsDetectedInCsvWithItsHeader() throws Exception {
    load(
        "id,when,day,x y,f,ok\n1,2026-01-01 10:00:00,2026-01-02,a,1,true\n2,,,b,2.5,false\n",
        WriteChannelConfiguration.newBuilder(table, FormatOptions.csv()).setAutodetect(true));

    assertThat(columns())
        .containsExactly(
            "id INTEGER", "when TIMESTAMP", "day DATE", "x_y STRING", "f FLOAT", "ok BOOLEAN");
    assertThat(rows("SELECT id, x_y, f FROM %s ORDER BY id")).containsExactly("1 a 1.0", "2 b 2.5");
  }

  @Test
  void aSchemaIsDetectedInCsvWithoutAHeader() throws Exception {
    load(
        "1,a\n2,b\n",
        WriteChannelConfiguration.newBuilder(table, FormatOptions.csv()).setAutodetect(true));

    assertThat(columns()).containsExactly("int64_field_0 INTEGER", "string_field_1 STRING");
    assertThat(rows("SELECT COUNT(*) FROM %s")).containsExactly("2");
  }

  @Test
  void aSchemaIsDetectedInJson() throws Exception {
    load(
        "{\"a\":1,\"n\":null,\"r\":{\"x\":[1.5]}}\n{\"a\":2.5,\"b\":true,\"d\":\"2026-01-01\"}\n",
        WriteChannelConfiguration.newBuilder(table, FormatOptions.json()).setAutodetect(true));

    assertThat(columns()).containsExactly("a FLOAT", "n STRING", "r RECORD", "b BOOLEAN", "d DATE");
    assertThat(rows("SELECT r.x[0], d FROM %s ORDER BY a"))
        .containsExactly("1.5 null", "null 2026-01-01");

    String more = "{\"a\":3,\"more\":\"x\"}";
    assertThat(append(more).getStatus().getError().getMessage())
        .contains("Provided Schema does not match Table", "Cannot add fields (field: more)");
    append(more, SchemaUpdateOption.ALLOW_FIELD_ADDITION);
    assertThat(rows("SELECT a, more, b FROM %s WHERE more IS NOT NULL"))
        .containsExactly("3.0 x null");
  }

  private Job append(String rows, SchemaUpdateOption... options) {
    return run(
        rows.getBytes(StandardCharsets.UTF_8),
        WriteChannelConfiguration.newBuilder(table, FormatOptions.json())
            .setAutodetect(true)
            .setWriteDisposition(JobInfo.WriteDisposition.WRITE_APPEND)
            .setSchemaUpdateOptions(List.of(options)));
  }

  @Test
  void parquetBringsItsTypes(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("t.parquet");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          COPY (SELECT 1 AS id, {'x y': 1.5::DOUBLE, b: 'q'::BLOB} AS st,
              'nan'::DOUBLE AS f, 1.25::DECIMAL(10, 2) AS d, TIMESTAMPTZ '2026-01-01 00:00:00Z' AS ts,
              TIMESTAMP '2026-01-01 00:00:00.123456' AS dt, true AS ok
            UNION ALL SELECT 2, NULL, NULL, NULL, NULL, NULL, NULL) TO '%s'"""
              .formatted(file));
    }
    run(
        Files.readAllBytes(file),
        WriteChannelConfiguration.newBuilder(table, FormatOptions.parquet()));

    assertThat(columns())
        .containsExactly(
            "id INTEGER",
            "st RECORD",
            "f FLOAT",
            "d NUMERIC",
            "ts TIMESTAMP",
            "dt DATETIME",
            "ok BOOLEAN");
    assertThat(rows("SELECT id, st.b, f, d, STRING(ts), dt, ok FROM %s ORDER BY id"))
        .containsExactly(
            "1 cQ== NaN 1.25 2026-01-01 00:00:00+00 2026-01-01T00:00:00.123456 true",
            "2 null null null null null null");
  }

  @Test
  void whatIsNoParquetIsRefused() throws Exception {
    Job job =
        run(
            "no".getBytes(StandardCharsets.UTF_8),
            WriteChannelConfiguration.newBuilder(table, FormatOptions.parquet()));

    assertThat(job.getStatus().getError().getReason()).isEqualTo("invalid");
    assertThatThrownBy(
            () ->
                run(
                    new byte[] {1},
                    WriteChannelConfiguration.newBuilder(table, FormatOptions.orc())))
        .hasMessageContaining("ORC");
  }

  private void load(String content, WriteChannelConfiguration.Builder configuration)
      throws Exception {
    Job job = run(content.getBytes(StandardCharsets.UTF_8), configuration);
    assertThat(job.getStatus().getError()).isNull();
  }

  private static Job run(byte[] content, WriteChannelConfiguration.Builder configuration) {
    return Clients.run(client, Clients.freshId(), configuration.build(), content);
  }

  private List<String> columns() {
    Schema schema = client.getTable(table).getDefinition().getSchema();
    return schema.getFields().stream().map(f -> f.getName() + " " + f.getType()).toList();
  }

  private List<String> rows(String sql) throws Exception {
    List<String> rows = new ArrayList<>();
    String query = sql.formatted("formats." + table.getTable());
    for (FieldValueList row : client.query(QueryJobConfiguration.of(query)).iterateAll()) {
      rows.add(String.join(" ", row.stream().map(v -> String.valueOf(v.getValue())).toList()));
    }
    return rows;
  }

  @Test
  void textsInOtherEncodingsAreRead() throws Exception {
    Schema schema = Schema.of(Field.of("s", StandardSQLTypeName.STRING));
    for (String encoding : List.of("ISO-8859-1", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE")) {
      FormatOptions csv = CsvOptions.newBuilder().setEncoding(encoding).build();
      Job job =
          run(
              "\u00e9\n".getBytes(Charset.forName(encoding)),
              WriteChannelConfiguration.newBuilder(table, csv).setSchema(schema));
      assertThat(job.getStatus().getError()).as(encoding).isNull();
    }
    assertThat(rows("SELECT CONCAT(s, COUNT(*)) FROM %s GROUP BY s")).containsExactly("\u00e95");
  }
}
