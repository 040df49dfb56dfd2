package io.gkp.connector.property;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What happens, step by step. Its text is the call that tells it again in {@link
 * ShrunkStoriesTest}.
 */
record Story(List<Action> actions) {
  @Override
  public String toString() {
    return actions.stream()
        .map(action -> "    " + action)
        .collect(Collectors.joining(",\n", "\nWorld.tell(\n", ");\n"));
  }
}
