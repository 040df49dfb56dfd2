package io.gkp.localbigquery;

import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.script.Steps;
import io.gkp.localbigquery.sql.SqlEngine;
import io.gkp.localbigquery.sql.statement.SqlRequest;
import io.gkp.localbigquery.sql.statement.StatementResult;
import io.gkp.localbigquery.storage.Session;
import java.util.function.Supplier;

/**
 * Makes the engine at the first query, so that a server which only loads starts at once, stays
 * small, and runs where there is no native library for SQL.
 */
final class LazyEngine implements SqlEngine {
  private final Supplier<SqlEngine> factory;
  private SqlEngine engine;

  LazyEngine(Supplier<SqlEngine> factory) {
    this.factory = factory;
  }

  /** Throws {@code notImplemented} (501) where the native library does not run. */
  @Override
  public StatementResult execute(Session session, SqlRequest request, Steps steps) {
    return engine().execute(session, request, steps);
  }

  private synchronized SqlEngine engine() {
    if (engine == null) {
      try {
        engine = factory.get();
      } catch (LinkageError e) {
        throw ApiException.notImplemented(
            "SQL on this machine ("
                + System.getProperty("os.name")
                + ", "
                + System.getProperty("os.arch")
                + "): "
                + e.getMessage());
      }
    }
    return engine;
  }
}
