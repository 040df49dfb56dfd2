package io.gkp.bench;

import io.gkp.name.Lsn;

/** Somebody who reads. */
interface Contestant {
  String name();

  /** Whether it can read this, and is there on this machine. */
  boolean reads(Workload workload);

  /** Called once, before anything is written. */
  default void prepare() throws Exception {}

  /**
   * Reads what has been written since the last time.
   *
   * @param end where that ends, for a stream
   */
  Usage read(Workload workload, Lsn end) throws Exception;
}
