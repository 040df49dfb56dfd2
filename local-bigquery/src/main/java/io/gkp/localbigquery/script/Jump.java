package io.gkp.localbigquery.script;

import io.gkp.localbigquery.api.ApiException;
import java.util.Optional;

/**
 * How a statement leads elsewhere than to the next one.
 *
 * @param label of the loop or block that BREAK or CONTINUE names
 */
record Jump(Kind kind, Optional<String> label) {
  enum Kind {
    BREAK,
    CONTINUE,
    RETURN
  }

  static final Jump RETURN = new Jump(Kind.RETURN, Optional.empty());

  /** Throws {@code invalidQuery} where the text ended, and no loop or block took this. */
  void checkEndsText() {
    if (kind != Kind.RETURN) {
      throw ApiException.invalidQuery(
          label
              .map(name -> "No loop or block is labeled " + name + ": " + kind)
              .orElse(kind + " is only allowed inside of a loop body"));
    }
  }

  /** Whether this leads to the end of the loop or block that bears the label. */
  boolean breaks(Optional<String> target, boolean isLoop) {
    return kind == Kind.BREAK && isFor(target, isLoop);
  }

  boolean continues(Optional<String> target) {
    return kind == Kind.CONTINUE && isFor(target, true);
  }

  private boolean isFor(Optional<String> target, boolean isLoop) {
    return label.map(name -> target.filter(name::equalsIgnoreCase).isPresent()).orElse(isLoop);
  }
}
