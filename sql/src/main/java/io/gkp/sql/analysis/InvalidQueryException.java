package io.gkp.sql.analysis;

/** A query does not parse or its types do not fit; the message says where. */
public final class InvalidQueryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidQueryException(String message, Throwable cause) {
    super(message, cause);
  }
}
