package io.gkp.localbigquery.script;

import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.value.TypedValue;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The variables of a script or procedure. Blocks nest; names know no case. */
final class Variables {
  private final Deque<Map<String, TypedValue>> blocks = new ArrayDeque<>();

  /** Types with a length, or precision and scale, as they were written; of the blocks alike. */
  private final Deque<Map<String, String>> limits = new ArrayDeque<>();

  Variables() {
    this(Map.of());
  }

  /**
   * @param initial by name in lower case
   */
  Variables(Map<String, TypedValue> initial) {
    blocks.push(new HashMap<>(initial));
    limits.push(new HashMap<>());
  }

  void enter() {
    blocks.push(new HashMap<>());
    limits.push(new HashMap<>());
  }

  void leave() {
    blocks.pop();
    limits.pop();
  }

  /** The variable takes what this type takes alone. */
  void limit(String name, String type) {
    limits.element().put(key(name), type);
  }

  /** The type with a length, or precision and scale, that the variable was declared with. */
  Optional<String> limit(String name) {
    return limits.stream().map(block -> block.get(key(name))).filter(Objects::nonNull).findFirst();
  }

  void declare(String name, TypedValue value) {
    String key = key(name);
    for (Map<String, TypedValue> block : blocks) {
      if (block.containsKey(key)) {
        throw ApiException.invalidQuery("Variable '" + name + "' redeclaration");
      }
    }
    blocks.element().put(key, value);
  }

  /** Names of the innermost block anew: what a loop assigns. */
  void define(String name, TypedValue value) {
    blocks.element().put(key(name), value);
  }

  void set(String name, TypedValue value) {
    block(name).put(key(name), value);
  }

  TypedValue get(String name) {
    return block(name).get(key(name));
  }

  private Map<String, TypedValue> block(String name) {
    return blocks.stream()
        .filter(block -> block.containsKey(key(name)))
        .findFirst()
        .orElseThrow(() -> ApiException.invalidQuery("Undeclared variable: " + name));
  }

  /** All that can be seen, by name in lower case. */
  Map<String, TypedValue> visible() {
    Map<String, TypedValue> visible = new HashMap<>();
    for (Iterator<Map<String, TypedValue>> outermostFirst = blocks.descendingIterator();
        outermostFirst.hasNext(); ) {
      visible.putAll(outermostFirst.next());
    }
    return visible;
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
