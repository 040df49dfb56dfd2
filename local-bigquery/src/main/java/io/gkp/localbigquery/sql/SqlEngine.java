package io.gkp.localbigquery.sql;

/** Runs GoogleSQL on the tables of a warehouse. Safe for concurrent use. */
public interface SqlEngine {
  /**
   * Parses, type-checks and (unless it is a dry run) executes one statement, or a list of
   * statements without scripting.
   *
   * @throws io.gkp.localbigquery.ApiException {@code invalidQuery}, {@code notFound}, {@code
   *     notImplemented}, {@code duplicate}, {@code responseTooLarge} ...
   */
  StatementResult execute(SqlRequest request);
}
