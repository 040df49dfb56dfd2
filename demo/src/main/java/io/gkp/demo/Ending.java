package io.gkp.demo;

import io.gkp.demo.question.LocalDataset;
import io.gkp.demo.servers.DataDirectory;
import io.gkp.demo.servers.LocalServers;
import io.gkp.demo.terminal.Console;
import io.gkp.demo.workload.Change;
import io.gkp.demo.workload.GkpTables;
import java.util.Optional;

/** The last lines: what the demo showed, and where to go from here. */
final class Ending {
  private final Console console;
  private final LocalServers servers;
  private final DataDirectory directory;

  Ending(Console console, LocalServers servers, DataDirectory directory) {
    this.console = console;
    this.servers = servers;
    this.directory = directory;
  }

  /**
   * @param page the operators' page, where everything stays up
   */
  void print(DemoResult result, Optional<String> page, long nanos) {
    long changes = result.changes().stream().mapToLong(Change::rows).sum();
    console.heading(
        result.allHold()
            ? "Done in " + Console.seconds(nanos) + ": it adds up."
            : "Done in "
                + Console.seconds(nanos)
                + ": something does not add up, see FAILED above.");
    if (result.allHold()) {
      console.say(
          """
          Two catch-up runs brought a Postgres history and the %s changes after it into BigQuery,
          each change exactly once, by load jobs. SQL models turned the changelog into the newest
          version of each row, which is the same as in Postgres: deletes, a changed key, a new
          column and a rollback included."""
              .formatted(Console.count(changes)));
    }
    if (page.isPresent()) {
      whileRunning(page.get());
    } else {
      console.heading("What next");
      console.say("./gkp_cli demo --keep         the same, and a page to look around and ask more");
      console.say("./gkp_cli help                all commands, with examples");
      console.say(
          "docs/try/first-hour.md        your own table, then your own Google Cloud project");
    }
    if (!directory.isTemporary()) {
      console.say("The files of both servers stay in " + directory.path());
    }
  }

  private void whileRunning(String page) {
    String host = servers.dataset().config().host();
    String exporter =
        servers.postgres().url(GkpTables.EXPORTER_ROLE, servers.postgres().password());
    console.heading("Both servers stay up until Ctrl-C");
    console.say("Page:      " + page);
    console.say("Postgres:  psql " + servers.postgres().ownerUrl());
    console.say(
        "BigQuery:  %s, project %s, dataset %s"
            .formatted(host, LocalDataset.PROJECT, LocalDataset.NAME));
    console.blank();
    console.say("Change something in Postgres, then export it:");
    console.say(
        """
          GKP_EXPORT_ENABLED=true DATABASE_URL=%s \\
            ./gkp_cli export-bigquery --project %s --dataset %s --bigquery-host %s"""
            .formatted(exporter, LocalDataset.PROJECT, LocalDataset.NAME, host));
    console.blank();
    console.say("Ask something:");
    console.say(
        """
          GKP_EXPORT_ENABLED=true ./gkp_cli query --project %s --dataset %s --bigquery-host %s \\
            "SELECT * FROM export_freshness\""""
            .formatted(LocalDataset.PROJECT, LocalDataset.NAME, host));
  }
}
