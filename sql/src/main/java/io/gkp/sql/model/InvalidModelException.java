package io.gkp.sql.model;

import java.util.List;

/** The models' files do not say what they must; the message lists every problem found. */
public final class InvalidModelException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  InvalidModelException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
  }
}
