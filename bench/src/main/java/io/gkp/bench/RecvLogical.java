package io.gkp.bench;

import io.gkp.name.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** PostgreSQL's own reader of a slot, which writes what comes to nowhere: as fast as it gets. */
final class RecvLogical implements Contestant {
  private static final String PROGRAM = "pg_recvlogical";
  private static final String SLOT = "bench_recvlogical";

  private final Source source;

  RecvLogical(Source source) {
    this.source = source;
  }

  @Override
  public String name() {
    return PROGRAM;
  }

  @Override
  public boolean reads(Workload workload) {
    return workload.table().isEmpty() && MeasuredProcess.isThere(PROGRAM);
  }

  @Override
  public void prepare() throws Exception {
    source.createSlot(SLOT);
  }

  @Override
  public Usage read(Workload workload, Lsn end) throws Exception {
    List<String> command = new ArrayList<>(List.of(PROGRAM));
    command.addAll(source.arguments());
    command.addAll(
        List.of(
            "--slot=" + SLOT,
            "--start",
            "--no-loop",
            "--file=/dev/null",
            "--endpos=" + end,
            "--option=proto_version=1",
            "--option=publication_names=" + Source.PUBLICATION));
    Usage usage = MeasuredProcess.run(command, Map.of());
    source.advance(SLOT);
    return usage;
  }
}
