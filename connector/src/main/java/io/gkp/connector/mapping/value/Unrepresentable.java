package io.gkp.connector.mapping.value;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;

/**
 * Says that BigQuery cannot hold a value. Preallocated and without a stack trace, so that a table
 * full of such values costs no more than one without.
 */
public final class Unrepresentable extends Exception {
  private static final Map<LossyReason, Unrepresentable> BY_REASON =
      new EnumMap<>(LossyReason.class);

  static {
    for (LossyReason reason : LossyReason.values()) {
      BY_REASON.put(reason, new Unrepresentable(reason));
    }
  }

  private final transient LossyReason reason;

  private Unrepresentable(LossyReason reason) {
    super(reason.code(), null, false, false);
    this.reason = reason;
  }

  static Unrepresentable because(LossyReason reason) {
    return requireNonNull(BY_REASON.get(reason));
  }

  public LossyReason reason() {
    return reason;
  }
}
