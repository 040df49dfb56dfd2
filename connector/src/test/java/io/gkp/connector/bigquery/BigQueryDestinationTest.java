package io.gkp.connector.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.TableId;
import io.gkp.bigquery.BigQueryClients;
import io.gkp.bigquery.DestinationConfig;
import io.gkp.connector.changelog.ChangelogDestination;
import io.gkp.connector.changelog.ChangelogDestinationContract;
import io.gkp.localbigquery.LocalBigQuery;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the local BigQuery or whatever answers at {@code BIGQUERY_EMULATOR_HOST}. */
class BigQueryDestinationTest extends ChangelogDestinationContract {
  @TempDir static Path data;
  private static LocalBigQuery local;
  private static String host;

  private BigQuery bigquery;
  private DestinationConfig config;

  @BeforeAll
  static void start() {
    host = System.getenv("BIGQUERY_EMULATOR_HOST");
    if (host == null) {
      local = LocalBigQuery.start(data, 0);
      host = local.host();
    }
  }

  @AfterAll
  static void stop() {
    if (local != null) {
      local.close();
    }
  }

  @BeforeEach
  void connect() {
    config = new DestinationConfig("test-project", "contract_" + lineage, null, host);
    bigquery = BigQueryClients.create(config);
  }

  @Override
  protected ChangelogDestination process() {
    BigQueryDestination destination = new BigQueryDestination(bigquery, config);
    destination.check();
    destination.table(NOTES, (name, changes) -> {});
    return destination;
  }

  @Override
  protected long rows() {
    return bigquery
        .getTable(TableId.of(config.dataset(), "raw_notes"))
        .getNumRows()
        .longValueExact();
  }

  @Test
  void aPartThatAnotherVersionLabelledIsNotGuessedAbout() {
    assertTakenOver(
        () -> PartLabels.read(Map.of("gkp_rows", "3", "gkp_ingested_at_us", "0"), true));
  }
}
