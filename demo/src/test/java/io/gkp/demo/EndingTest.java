package io.gkp.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.demo.servers.DataDirectory;
import io.gkp.demo.servers.LocalServers;
import io.gkp.demo.servers.OpenThings;
import io.gkp.demo.terminal.Console;
import io.gkp.demo.terminal.Style;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndingTest {
  private final StringWriter text = new StringWriter();
  private final Console console = new Console(new PrintWriter(text), new Style(false), false);

  @TempDir Path directory;

  @Test
  void serversThatStayUpAreNamedWithCommandsToTry() throws Exception {
    try (OpenThings things = new OpenThings()) {
      DataDirectory data = things.add(() -> DataDirectory.at(directory.resolve("data")));
      LocalServers servers = LocalServers.start(things, data, console);
      new Ending(console, servers, data)
          .print(new DemoResult(), Optional.of("http://127.0.0.1:1/#token=t"), 1_500_000_000L);

      String host = servers.dataset().config().host();
      assertThat(text.toString())
          .contains("Done in 1.5 s: it adds up.")
          .contains("Both servers stay up until Ctrl-C")
          .contains("Page:      http://127.0.0.1:1/#token=t\n")
          .contains("psql " + servers.postgres().ownerUrl())
          .contains(
              "./gkp_cli export-bigquery --project local --dataset gkp --bigquery-host "
                  + host
                  + "\n")
          .contains(
              "DATABASE_URL="
                  + servers.postgres().url("gkp_exporter", servers.postgres().password()))
          .contains(
              "./gkp_cli query --project local --dataset gkp --bigquery-host " + host + " \\\n")
          .contains("The files of both servers stay in " + data.path());
    }
  }

  @Test
  void aFailedCheckIsNotGlossedOver() throws Exception {
    DemoResult result = new DemoResult();
    result.check("two and two are five", false);
    try (DataDirectory data = DataDirectory.temporary()) {
      new Ending(console, null, data).print(result, Optional.empty(), 0);
    }
    assertThat(text.toString())
        .contains("something does not add up")
        .doesNotContain("exactly once")
        .contains("What next");
  }
}
