package io.gkp.localbigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.TimePartitioning;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetDefaultsTest {
  private static final long DAY = 86_400_000;

  @TempDir Path data;
  private LocalBigQuery server;
  private BigQuery client;

  @BeforeEach
  void start() {
    server = LocalBigQuery.start(data, 0);
    client = Clients.client(server.host());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static StandardTableDefinition.Builder columns() {
    return StandardTableDefinition.newBuilder()
        .setSchema(
            Schema.of(
                Field.of("word", StandardSQLTypeName.STRING),
                Field.of("at", StandardSQLTypeName.TIMESTAMP)));
  }

  private Table create(String name, StandardTableDefinition definition) {
    client.create(TableInfo.of(TableId.of("d", name), definition));
    return client.getTable("d", name);
  }

  private void sql(String statement) throws InterruptedException {
    client.query(QueryJobConfiguration.newBuilder(statement).setUseLegacySql(false).build());
  }

  @Test
  void newTablesAndViewsEndWhenTheDatasetSays() throws InterruptedException {
    client.create(
        DatasetInfo.newBuilder("d")
            .setDefaultTableLifetime(60 * DAY)
            .setDefaultPartitionExpirationMs(30 * DAY)
            .build());
    assertThat(create("plain", columns().build()).getExpirationTime())
        .isGreaterThan(System.currentTimeMillis() + 59 * DAY);
    Table parted =
        create(
            "parted",
            columns()
                .setTimePartitioning(
                    TimePartitioning.newBuilder(TimePartitioning.Type.DAY).setField("at").build())
                .build());
    assertThat(parted.getExpirationTime()).isNull();
    StandardTableDefinition definition = parted.getDefinition();
    assertThat(definition.getTimePartitioning().getExpirationMs()).isEqualTo(30 * DAY);
    sql("CREATE VIEW d.v AS SELECT 1 AS n");
    sql("CREATE TABLE d.t OPTIONS (expiration_timestamp = NULL) AS SELECT 1 AS n");
    assertThat(client.getTable("d", "v").getExpirationTime()).isNotNull();
    assertThat(client.getTable("d", "t").getExpirationTime()).isNotNull();
  }

  @Test
  void textColumnsInheritACollationUnlessTheTableHasItsOwn() throws InterruptedException {
    sql("CREATE SCHEMA d DEFAULT COLLATE 'und:ci'");
    Table inherits = create("inherits", columns().build());
    assertThat(inherits.getDefaultCollation()).isEqualTo("und:ci");
    assertThat(inherits.getDefinition().getSchema().getFields().get("word").getCollation())
        .isEqualTo("und:ci");
    assertThatThrownBy(() -> sql("SELECT word FROM d.inherits"))
        .hasMessageContaining("collation (of column word)");

    client.create(
        TableInfo.newBuilder(TableId.of("d", "plain"), columns().build())
            .setDefaultCollation("")
            .build());
    sql("ALTER TABLE d.plain ADD COLUMN more STRING");
    sql("SELECT word, more FROM d.plain");
    sql(
        "CREATE TABLE d.copy (word STRING) DEFAULT COLLATE '' CLUSTER BY word AS SELECT 'A' AS word");
    sql("SELECT word FROM d.copy");
    sql("ALTER TABLE d.inherits SET DEFAULT COLLATE ''");
    assertThat(client.getTable("d", "inherits").getDefaultCollation()).isEmpty();
    sql("ALTER SCHEMA d SET DEFAULT COLLATE ''");
    assertThat(client.getDataset("d").getDefaultCollation()).isEmpty();
  }

  @Test
  void namesInACaseInsensitiveDatasetAreTheSameInAnyCase() throws InterruptedException {
    sql("CREATE SCHEMA d OPTIONS (is_case_insensitive = TRUE)");
    create("Words", columns().build());
    assertThat(client.getTable("d", "WORDS").getTableId().getTable()).isEqualTo("Words");
    sql("ALTER SCHEMA d SET OPTIONS (is_case_insensitive = FALSE)");
    assertThat(client.getTable("d", "WORDS")).isNull();
  }
}
