package io.gkp.localbigquery;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.PolicyTags;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policy tags of columns are kept, and lost, as the real service keeps and loses them. */
class PolicyTagsTest {
  private static final String TAG = "projects/p/locations/eu/taxonomies/1/policyTags/2";
  private static final TableId ID = TableId.of("d", "people");
  private static final Field ID_FIELD = Field.of("id", StandardSQLTypeName.INT64);
  private static final Field NAME = Field.of("name", StandardSQLTypeName.STRING);
  private static final Field BORN = Field.of("born", StandardSQLTypeName.DATE);

  private LocalBigQuery server;
  private BigQuery client;

  @BeforeEach
  void start(@TempDir Path data) {
    server = LocalBigQuery.start(data, 0);
    client = Clients.client(server.host());
    client.create(DatasetInfo.of("d"));
    client.create(TableInfo.of(ID, StandardTableDefinition.of(Schema.of(ID_FIELD, tagged(NAME)))));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aLoadThatAddsAFieldKeepsTheTagsAndBringsItsOwn() {
    Job job =
        Clients.run(
            client,
            Clients.load("d", "people", Schema.of(ID_FIELD, tagged(NAME), tagged(BORN)))
                .setSchemaUpdateOptions(List.of(JobInfo.SchemaUpdateOption.ALLOW_FIELD_ADDITION))
                .build(),
            "{\"id\":1,\"name\":\"Ada\",\"born\":\"1815-12-10\"}");

    assertThat(job.getStatus().getError()).isNull();
    assertThat(tags()).isEqualTo(Map.of("name", TAG, "born", TAG));
  }

  @Test
  void anUpdateSetsThemKeepsWhatItDoesNotNameAndClearsWhatItEmpties() {
    update(tagged(ID_FIELD), NAME);
    assertThat(tags()).isEqualTo(Map.of("id", TAG, "name", TAG));

    update(ID_FIELD, NAME.toBuilder().setPolicyTags(policyTags(List.of())).build());
    assertThat(tags()).isEqualTo(Map.of("id", TAG));
  }

  @Test
  void dmlKeepsThemAndAReplacementLosesThem() throws InterruptedException {
    query("INSERT INTO d.people (id, name) VALUES (1, 'Ada')");
    query("ALTER TABLE d.people ADD COLUMN more STRING");
    assertThat(tags()).isEqualTo(Map.of("name", TAG));

    query("CREATE OR REPLACE TABLE d.people AS SELECT * FROM d.people");
    assertThat(tags()).isEmpty();
  }

  private void update(Field... fields) {
    client.update(TableInfo.of(ID, StandardTableDefinition.of(Schema.of(fields))));
  }

  private void query(String sql) throws InterruptedException {
    client.query(QueryJobConfiguration.newBuilder(sql).setUseLegacySql(false).build());
  }

  private Map<String, String> tags() {
    Map<String, String> tags = new TreeMap<>();
    Table table = client.getTable(ID);
    for (Field field : table.<StandardTableDefinition>getDefinition().getSchema().getFields()) {
      PolicyTags names = field.getPolicyTags();
      if (names != null && names.getNames() != null) {
        names.getNames().forEach(name -> tags.put(field.getName(), name));
      }
    }
    return tags;
  }

  private static Field tagged(Field field) {
    return field.toBuilder().setPolicyTags(policyTags(List.of(TAG))).build();
  }

  private static PolicyTags policyTags(List<String> names) {
    return PolicyTags.newBuilder().setNames(names).build();
  }
}
