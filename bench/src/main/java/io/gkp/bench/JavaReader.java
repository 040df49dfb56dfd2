package io.gkp.bench;

import io.gkp.name.Lsn;

/** Reads the stream by a class of its own, in a process of its own. */
final class JavaReader implements Contestant {
  private final Source source;
  private final String name;
  private final String slot;
  private final Class<?> main;

  /**
   * @param main takes the source's URL, the slot, and the LSN where it ends
   */
  JavaReader(Source source, String name, String slot, Class<?> main) {
    this.source = source;
    this.name = name;
    this.slot = slot;
    this.main = main;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean reads(Workload workload) {
    return workload.table().isEmpty();
  }

  @Override
  public void prepare() throws Exception {
    source.createSlot(slot);
  }

  @Override
  public Usage read(Workload workload, Lsn end) throws Exception {
    Usage usage = MeasuredProcess.java(main, source.url(), slot, end.toString());
    source.advance(slot);
    return usage;
  }
}
