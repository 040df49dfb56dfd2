package io.gkp.localbigquery.script;

import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.statement.StatementResult;

/** Hears of each statement that a script runs. */
public interface Steps {
  /** For those who do not want to know. */
  Steps UNHEARD =
      new Steps() {
        @Override
        public String jobId() {
          return "";
        }

        @Override
        public void checkGoesOn() {}

        @Override
        public void done(Step step, StatementResult result, boolean inTransaction) {}

        @Override
        public void failed(Step step, ApiException failure) {}
      };

  /**
   * A statement in its script; lines and columns count from 1.
   *
   * @param text of the statement alone
   * @param startedAt milliseconds since 1970
   */
  record Step(
      String text, int startLine, int startColumn, int endLine, int endColumn, long startedAt) {}

  /** Of the script itself. */
  String jobId();

  /** Throws where the script is to stop. */
  void checkGoesOn();

  /**
   * @param inTransaction whether the statement's rows may vanish with the script's transaction
   */
  void done(Step step, StatementResult result, boolean inTransaction);

  void failed(Step step, ApiException failure);
}
