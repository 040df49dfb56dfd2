package io.gkp.demo.servers;

import io.gkp.demo.question.LocalDataset;
import io.gkp.demo.terminal.Console;
import io.gkp.localbigquery.LocalBigQuery;

/** Both ends of the export, inside this process. */
public record LocalServers(EmbeddedPostgresServer postgres, LocalDataset dataset) {
  /** Starts both; {@code things} stops them. */
  public static LocalServers start(OpenThings things, DataDirectory directory, Console console)
      throws Exception {
    LocalBigQuery bigQuery =
        console.step(
            "Starting the embedded BigQuery",
            () -> things.add(() -> LocalBigQuery.start(directory.bigQuery(), 0)));
    bigQuery.warmUp();
    EmbeddedPostgresServer postgres =
        console.step(
            "Starting PostgreSQL",
            () -> things.add(() -> EmbeddedPostgresServer.start(directory.postgres())));
    return new LocalServers(postgres, new LocalDataset(bigQuery.host()));
  }
}
