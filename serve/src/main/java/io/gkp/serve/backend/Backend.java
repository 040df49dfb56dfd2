package io.gkp.serve.backend;

import io.gkp.connector.config.ExportConfig;
import io.gkp.connector.operations.BothSides;
import io.gkp.sql.run.ModelConfig;
import java.util.function.Function;

/**
 * The deployment that is served. Both sides are opened for each question, as a command does it, so
 * that a server which is up for months holds nothing that can break.
 */
public record Backend(ExportConfig config, ModelConfig models) {
  /**
   * @throws io.gkp.failure.ExportException when either side cannot be asked
   */
  public <T> T ask(Function<BothSides, T> question) {
    try (BothSides sides = BothSides.open(config)) {
      return question.apply(sides);
    }
  }

  /**
   * The same before a run is started, which may be the deployment's first.
   *
   * @throws io.gkp.failure.ExportException when either side cannot be asked
   */
  public <T> T askForRun(Function<BothSides, T> question) {
    try (BothSides sides = BothSides.openForRun(config)) {
      return question.apply(sides);
    }
  }
}
