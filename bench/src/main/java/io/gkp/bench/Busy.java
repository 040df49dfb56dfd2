package io.gkp.bench;

/** Counts what a sink takes, and for how long it had something to load. */
final class Busy {
  private double jobs;
  private double bytes;
  private double millis;
  private long until;

  synchronized void reset() {
    jobs = 0;
    bytes = 0;
    millis = 0;
    until = 0;
  }

  synchronized void sent(long count) {
    bytes += count;
  }

  /** One of the jobs that bring rows. */
  synchronized void countJob() {
    jobs++;
  }

  /** A job that takes so long begins now. */
  synchronized void began(long jobMillis) {
    long now = System.currentTimeMillis();
    long end = now + jobMillis;
    millis += Math.max(0, end - Math.max(now, until));
    until = Math.max(until, end);
  }

  synchronized Sink.Load load() {
    return new Sink.Load(jobs, bytes, millis);
  }
}
