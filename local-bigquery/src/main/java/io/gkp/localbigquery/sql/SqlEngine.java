package io.gkp.localbigquery.sql;

import io.gkp.localbigquery.storage.Session;

/** Runs GoogleSQL on the tables of a warehouse. Safe for concurrent use. */
public interface SqlEngine {
  /**
   * Parses, type-checks and (unless it is a dry run) executes one statement, or a list of
   * statements without scripting.
   *
   * @param session on which everything happens and the rows are left
   * @throws io.gkp.localbigquery.ApiException {@code invalidQuery}, {@code notFound}, {@code
   *     notImplemented}, {@code duplicate}, {@code responseTooLarge} ...
   */
  StatementResult execute(Session session, SqlRequest request);
}
