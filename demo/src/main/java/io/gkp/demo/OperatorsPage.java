package io.gkp.demo;

import io.gkp.bigquery.DestinationConfig;
import io.gkp.demo.question.LocalDataset;
import io.gkp.demo.servers.DataDirectory;
import io.gkp.demo.servers.LocalServers;
import io.gkp.demo.workload.GkpTables;
import io.gkp.serve.Served;
import io.gkp.serve.backend.Backend;
import io.gkp.serve.runs.ProcessRunner;
import io.gkp.serve.runs.WorkFolder;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.run.ModelConfig;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The operators' page of the demo's deployment. */
final class OperatorsPage {
  private OperatorsPage() {}

  /** Serves it on loopback; whoever has the address has its token. */
  static Served start(LocalServers servers, DataDirectory directory) throws IOException {
    String source = servers.postgres().url(GkpTables.EXPORTER_ROLE, servers.postgres().password());
    DestinationConfig destination = servers.dataset().config();
    Backend backend =
        new Backend(
            ExportRun.config(source, destination),
            ModelConfig.of(Datasets.one(LocalDataset.PROJECT, LocalDataset.NAME)));
    Map<String, String> environment =
        Map.of(
            "GKP_EXPORT_ENABLED",
            "true",
            "DATABASE_URL",
            source,
            "GKP_PUBLICATION",
            GkpTables.PUBLICATION,
            "GKP_TABLES",
            String.join(",", GkpTables.NAMES),
            "GKP_PROJECT",
            destination.project(),
            "GKP_DATASET",
            destination.dataset());
    return Served.locally(
        backend,
        new ProcessRunner(
            List.of("--bigquery-host=" + destination.host()),
            environment,
            WorkFolder.at(directory.path().resolve("runs"))));
  }
}
