package io.gkp.localbigquery.load;

import java.util.Optional;

/** A row does not fit the schema. The message names fields and never holds a value. */
public final class RowException extends RuntimeException {
  private final String field;

  RowException(String message, String field) {
    super(message, null, false, false);
    this.field = field;
  }

  /** The field's path, where one is at fault. */
  public Optional<String> field() {
    return Optional.ofNullable(field);
  }
}
