package io.gkp.sql.analysis;

import org.jspecify.annotations.Nullable;

/** A query does not parse or its types do not fit; the message says where. */
public final class InvalidQueryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidQueryException(@Nullable String message, Throwable cause) {
    super(message, cause);
  }
}
