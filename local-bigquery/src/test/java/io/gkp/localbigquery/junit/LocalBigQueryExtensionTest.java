package io.gkp.localbigquery.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.TableResult;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One that lasts for the class, and one for each test. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LocalBigQueryExtensionTest {
  @RegisterExtension static final LocalBigQueryExtension kept = new LocalBigQueryExtension();

  @RegisterExtension final LocalBigQueryExtension fresh = new LocalBigQueryExtension();

  @Test
  @Order(1)
  void aClientTalksToIt() throws InterruptedException {
    BigQuery client = client(kept);
    client.create(DatasetInfo.of("left"));
    client(fresh).create(DatasetInfo.of("left"));
    TableResult result = client.query(QueryJobConfiguration.of("SELECT 6 * 7 AS answer"));
    assertThat(result.iterateAll().iterator().next().get("answer").getLongValue()).isEqualTo(42);
  }

  @Test
  @Order(2)
  void whatIsRegisteredByTheInstanceIsEmptyForTheNextTest() {
    assertThat(client(kept).getDataset("left")).isNotNull();
    assertThat(client(fresh).getDataset("left")).isNull();
  }

  @Test
  @Order(3)
  void outsideOfItsTestsItSaysWhatIsMissing() {
    assertThatThrownBy(new LocalBigQueryExtension()::host)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("@RegisterExtension");
  }

  private static BigQuery client(LocalBigQueryExtension server) {
    return BigQueryOptions.newBuilder()
        .setHost(server.host())
        .setProjectId("any-project")
        .setCredentials(NoCredentials.getInstance())
        .build()
        .getService();
  }
}
