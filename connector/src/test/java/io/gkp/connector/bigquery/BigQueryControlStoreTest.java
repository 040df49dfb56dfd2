package io.gkp.connector.bigquery;

import com.google.cloud.bigquery.BigQuery;
import io.gkp.bigquery.BigQueryClients;
import io.gkp.bigquery.DestinationConfig;
import io.gkp.localbigquery.LocalBigQuery;
import io.gkp.offsets.ControlStore;
import io.gkp.offsets.ControlStoreContract;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class BigQueryControlStoreTest extends ControlStoreContract {
  @TempDir static Path data;
  private static LocalBigQuery local;

  private final DestinationConfig config =
      new DestinationConfig(
          "test-project",
          "contract_" + UUID.randomUUID().toString().substring(0, 8),
          null,
          local.host());
  private final BigQuery bigquery = BigQueryClients.create(config);

  @BeforeAll
  static void start() {
    local = LocalBigQuery.start(data, 0);
  }

  @AfterAll
  static void stop() {
    local.close();
  }

  @Override
  protected ControlStore process() {
    BigQueryDestination destination = new BigQueryDestination(bigquery, config);
    destination.check();
    return destination.controlStore();
  }
}
