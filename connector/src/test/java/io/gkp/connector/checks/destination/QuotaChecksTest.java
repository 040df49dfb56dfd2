package io.gkp.connector.checks.destination;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.LoadJobConfiguration;
import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import io.gkp.connector.checks.Finding;
import io.gkp.connector.checks.Finding.Level;
import io.gkp.connector.export.Deployment;
import io.gkp.offsets.Runs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QuotaChecksTest {
  private final Lists lists = new Lists();
  private final Deployment deployment = new Deployment(List.of(lists), "items").withoutViews();

  @BeforeEach
  void load() {
    deployment.database.execute("CREATE TABLE items (id int PRIMARY KEY)");
    deployment.drain();
    deployment.database.execute("INSERT INTO items VALUES (1)");
    deployment.drain();
  }

  @AfterEach
  void close() {
    deployment.close();
  }

  private List<Finding> check(Clock clock, QuotaChecks.Limits limits) {
    return new QuotaChecks(deployment.bigquery(), deployment.config().destination(), clock, limits)
        .check(new Runs(deployment.controlStore()));
  }

  /** As the service itself knows them, control tables included. */
  private List<String> loadedTables() {
    List<String> tables = new ArrayList<>();
    for (Job job : deployment.bigquery().listJobs().iterateAll()) {
      if (job.getConfiguration() instanceof LoadJobConfiguration load) {
        tables.add(load.getDestinationTable().getTable());
      }
    }
    return tables;
  }

  @Test
  void allLoadJobsOfTheDayAreCountedAndTheBusiestTableIsNamed() {
    List<String> loaded = loadedTables();
    long jobs = loaded.size();
    int most =
        loaded.stream().mapToInt(table -> Collections.frequency(loaded, table)).max().orElse(0);
    List<Finding> findings = check(Clock.systemUTC(), new QuotaChecks.Limits(3 * jobs, 1));
    assertThat(findings).extracting(Finding::level).containsExactly(Level.OK, Level.ERROR);
    assertThat(findings.get(0).what())
        .startsWith(jobs + " of " + 3 * jobs + " load jobs were used since midnight Pacific time")
        .contains("of the whole project");
    String busiest = findings.get(1).what().split(" ")[1];
    assertThat(Collections.frequency(loaded, busiest)).isEqualTo(most);
    assertThat(findings.get(1).what())
        .startsWith("Table " + busiest + " had " + most + " of its 1 loads");

    assertThat(check(Clock.systemUTC(), new QuotaChecks.Limits(2 * jobs - 1, 30_000)).get(0))
        .extracting(Finding::level)
        .isEqualTo(Level.WARNING);
  }

  @Test
  void yesterdaysDoNotCount() {
    Clock tomorrow = Clock.offset(Clock.systemUTC(), Duration.ofDays(1));
    List<Finding> findings = check(tomorrow, QuotaChecks.Limits.BIGQUERY);
    assertThat(findings.get(0).what()).startsWith("0 of 100,000");
    assertThat(findings.get(1).what()).startsWith("Nothing was loaded");
  }

  @Test
  void whoMayNotSeeTheListIsToldWhatWasCountedInstead() {
    lists.forbidden = "allUsers=true";
    assertThat(check(Clock.systemUTC(), QuotaChecks.Limits.BIGQUERY).get(0).what())
        .startsWith(loadedTables().size() + " of")
        .contains("of this account (bigquery.jobs.listAll would show all)");
    lists.forbidden = "minCreationTime";
    assertThat(check(Clock.systemUTC(), QuotaChecks.Limits.BIGQUERY).get(0).what())
        .startsWith("1 of 100,000")
        .contains("that runs have recorded");
  }

  /** Refuses lists of jobs, where their URL has a certain text. */
  private static final class Lists extends Filter {
    private volatile String forbidden;

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
      String uri = exchange.getRequestURI().toString();
      if (forbidden == null || !uri.contains("/jobs?") || !uri.contains(forbidden)) {
        chain.doFilter(exchange);
        return;
      }
      byte[] body =
          "{\"error\":{\"code\":403,\"message\":\"no\",\"errors\":[{\"reason\":\"accessDenied\"}]}}"
              .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(403, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    }

    @Override
    public String description() {
      return "may not list jobs";
    }
  }
}
