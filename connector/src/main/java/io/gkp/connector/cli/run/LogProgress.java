package io.gkp.connector.cli.run;

import io.gkp.connector.export.Progress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Progress for a log: one line per part of the run; loads and commits are logged by the run. */
final class LogProgress implements Progress {
  private static final Logger log = LoggerFactory.getLogger(LogProgress.class);

  @Override
  public void phase(String what) {
    log.info("{} ...", what);
  }
}
