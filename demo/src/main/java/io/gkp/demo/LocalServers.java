package io.gkp.demo;

/** Both ends of the export, inside this process. */
record LocalServers(EmbeddedPostgresServer postgres, LocalDataset dataset) {
  static LocalServers start(OpenThings things, DataDirectory directory, Console console)
      throws Exception {
    EmbeddedPostgresServer postgres =
        console.step(
            "Starting PostgreSQL",
            () -> things.add(() -> EmbeddedPostgresServer.start(directory.postgres())));
    throw new UnsupportedOperationException("the embedded BigQuery is not wired yet " + postgres);
  }
}
