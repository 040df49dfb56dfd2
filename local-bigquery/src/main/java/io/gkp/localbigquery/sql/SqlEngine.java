package io.gkp.localbigquery.sql;

import io.gkp.localbigquery.script.Steps;
import io.gkp.localbigquery.sql.statement.SqlRequest;
import io.gkp.localbigquery.sql.statement.StatementResult;
import io.gkp.localbigquery.storage.Session;

/** Runs GoogleSQL on the tables of a warehouse. Safe for concurrent use. */
public interface SqlEngine {
  /**
   * Parses, type-checks and (unless it is a dry run) executes one statement, or a script.
   *
   * @param session on which everything happens and the rows are left
   * @param steps hears of the statements of a script
   * @throws io.gkp.localbigquery.api.ApiException {@code invalidQuery}, {@code notFound}, {@code
   *     notImplemented}, {@code duplicate}, {@code responseTooLarge} ...
   */
  StatementResult execute(Session session, SqlRequest request, Steps steps);

  /** As {@link #execute(Session, SqlRequest, Steps)}, where nobody wants to know of the steps. */
  default StatementResult execute(Session session, SqlRequest request) {
    return execute(session, request, Steps.UNHEARD);
  }
}
