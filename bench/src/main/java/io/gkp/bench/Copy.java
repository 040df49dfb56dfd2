package io.gkp.bench;

import io.gkp.name.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code COPY} by psql, to nowhere: as fast as it gets. */
final class Copy implements Contestant {
  private static final String PROGRAM = "psql";

  private final Source source;

  Copy(Source source) {
    this.source = source;
  }

  @Override
  public String name() {
    return "COPY by psql";
  }

  @Override
  public boolean reads(Workload workload) {
    return workload.table().isPresent() && MeasuredProcess.isThere(PROGRAM);
  }

  @Override
  public Usage read(Workload workload, Lsn end) throws Exception {
    List<String> command = new ArrayList<>(List.of(PROGRAM));
    command.addAll(source.arguments());
    command.addAll(
        List.of(
            "--no-psqlrc",
            "--output=/dev/null",
            "--command=COPY " + workload.table().orElseThrow() + " TO STDOUT"));
    return MeasuredProcess.run(command, Map.of());
  }
}
