package io.gkp.localbigquery.sql.analysis;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongBiFunction;

/**
 * Remembers what a function returned, which must depend on its argument alone. What was asked for
 * least recently is forgotten first. Safe for concurrent use.
 */
public final class Memo<K, V> {
  private final long room;
  private final ToLongBiFunction<K, V> size;
  private final Map<K, V> known = new LinkedHashMap<>(16, 0.75f, true);
  private long taken;

  /**
   * @param room the most that is remembered, in the unit of {@code size}
   */
  public Memo(long room, ToLongBiFunction<K, V> size) {
    this.room = room;
    this.size = size;
  }

  /** What the function returns, or returned before. Its exceptions are passed on. */
  public V get(K argument, Function<K, V> function) {
    synchronized (known) {
      V value = known.get(argument);
      if (value != null) {
        return value;
      }
    }
    V value = function.apply(argument);
    synchronized (known) {
      remember(argument, value);
    }
    return value;
  }

  private void remember(K argument, V value) {
    if (known.putIfAbsent(argument, value) != null) {
      return;
    }
    taken += size.applyAsLong(argument, value);
    Iterator<Map.Entry<K, V>> eldest = known.entrySet().iterator();
    while (taken > room) {
      Map.Entry<K, V> forgotten = eldest.next();
      taken -= size.applyAsLong(forgotten.getKey(), forgotten.getValue());
      eldest.remove();
    }
  }
}
