package io.gkp.connector.debezium;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Under which name Debezium gets to know a table of the stream: what a table is, its OID says. The
 * stream brings the name that it had at the time. One that had another name for a while is captured
 * all the same; one that was dropped is not its successor of the same name.
 */
public final class RelationNames {
  /** Key in a connection's configuration; its value is what {@link #text} gives. */
  public static final String KEY = "gkp.relations";

  private static final String BETWEEN = ",";
  private static final String OID_ENDS = ":";

  /** No {@link Alias} ends so. */
  private static final String FORMER = "-";

  private final Map<Integer, String> captured = new HashMap<>();

  private RelationNames() {}

  /** Reads what {@link #text} has written. */
  static RelationNames parse(String text) {
    RelationNames names = new RelationNames();
    for (String entry : text.isEmpty() ? new String[0] : text.split(BETWEEN)) {
      String[] parts = entry.split(OID_ENDS);
      names.captured.put(Integer.parseUnsignedInt(parts[0]), parts[1]);
    }
    return names;
  }

  /**
   * A captured table, for {@link #text}.
   *
   * @param oid its OID in {@code pg_class}
   */
  public static String entry(long oid, String schema, String table) {
    return oid + OID_ENDS + qualified(schema, table);
  }

  /** All captured tables. */
  public static String text(List<String> entries) {
    return String.join(BETWEEN, entries);
  }

  /** The aliases of schema and table, with a dot between. */
  String of(int oid, String schema, String table) {
    String own = qualified(schema, table);
    String known = captured.get(oid);
    if (known != null) {
      return known;
    }
    return captured.containsValue(own) ? own + FORMER : own;
  }

  private static String qualified(String schema, String table) {
    return Alias.of(schema) + "." + Alias.of(table);
  }
}
