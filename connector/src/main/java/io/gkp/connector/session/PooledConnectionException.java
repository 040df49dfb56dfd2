package io.gkp.connector.session;

import java.sql.SQLException;

/** Somebody between us and the server chooses the backend that answers. */
public final class PooledConnectionException extends SQLException {
  PooledConnectionException() {
    super("another backend answers than the one that was connected to");
  }
}
