package io.gkp.localbigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.DatasetInfo;
import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import io.gkp.testing.wire.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That tests elsewhere can play an unreliable service. */
class FaultTest {
  private interface Fault {
    void handle(HttpExchange exchange, Filter.Chain chain) throws IOException;
  }

  @TempDir Path data;
  private final AtomicReference<Fault> fault =
      new AtomicReference<>((exchange, chain) -> chain.doFilter(exchange));
  private LocalBigQuery server;
  private BigQuery client;

  @BeforeEach
  void start() {
    Filter filter =
        new Filter() {
          @Override
          public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
            fault.get().handle(exchange, chain);
          }

          @Override
          public String description() {
            return "faults";
          }
        };
    server = LocalBigQuery.builder(data).filter(filter).start();
    client = Clients.client(server.host());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aFilterMayAnswerInThePlaceOfTheServer() {
    fault.set(
        (exchange, chain) -> {
          exchange.sendResponseHeaders(503, -1);
          exchange.close();
        });
    assertThatThrownBy(() -> client.create(DatasetInfo.of("d")))
        .isInstanceOfSatisfying(
            BigQueryException.class, e -> assertThat(e.getCode()).isEqualTo(503));
    heal();
    assertThat(client.getDataset("d")).isNull();
  }

  @Test
  void aFilterMayBreakTheConnectionBeforeAnythingHappens() {
    fault.set((exchange, chain) -> exchange.close());
    assertThatThrownBy(() -> client.create(DatasetInfo.of("d")))
        .isInstanceOf(BigQueryException.class)
        .hasRootCauseInstanceOf(IOException.class);
    heal();
    assertThat(client.getDataset("d")).isNull();
  }

  @Test
  void aFilterMayLoseTheAnswerOfWhatHasHappened() {
    fault.set(
        (exchange, chain) -> {
          chain.doFilter(new Answer(exchange));
          exchange.close();
        });
    assertThatThrownBy(() -> client.create(DatasetInfo.of("d")))
        .isInstanceOf(BigQueryException.class)
        .hasRootCauseInstanceOf(IOException.class);
    heal();
    assertThat(client.getDataset("d")).isNotNull();
  }

  private void heal() {
    fault.set((exchange, chain) -> chain.doFilter(exchange));
  }
}
