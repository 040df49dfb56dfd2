package io.gkp.connector.source.table;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A column of a captured table.
 *
 * @param name the column's name as Postgres has it, unquoted
 * @param type its type
 * @param typmod the type's modifier ({@code atttypmod}); -1 for none
 * @param notNull whether the column is declared NOT NULL; never makes a BigQuery field REQUIRED
 * @param keyPosition its place in the key, from 1; 0 when it is not part of the key
 * @param generated whether the value is {@code GENERATED ALWAYS AS (...)}
 * @param protection what is done to its values
 * @param definition how the catalogue declares the column now; null for one that is not there (any
 *     more)
 */
public record SourceColumn(
    String name,
    PostgresType type,
    int typmod,
    boolean notNull,
    int keyPosition,
    boolean generated,
    ColumnProtection protection,
    @Nullable ColumnDefinition definition) {
  public SourceColumn {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(protection, "protection");
  }

  /** A column that is exported as it is. */
  public SourceColumn(
      String name,
      PostgresType type,
      int typmod,
      boolean notNull,
      int keyPosition,
      boolean generated) {
    this(name, type, typmod, notNull, keyPosition, generated, ColumnProtection.NONE, null);
  }

  /** A plain column that may be null. */
  public SourceColumn(String name, PostgresType type) {
    this(name, type, PostgresType.NO_TYPMOD, false, 0, false);
  }

  /** The same column of a table whose key does not arrive. */
  SourceColumn outsideKey() {
    return new SourceColumn(
        name,
        type,
        typmod,
        notNull,
        0,
        generated,
        protection,
        definition == null ? null : definition.outsideKey());
  }

  /** The same column, protected otherwise. */
  public SourceColumn protectedBy(ColumnProtection other) {
    return new SourceColumn(name, type, typmod, notNull, keyPosition, generated, other, definition);
  }

  /** Whether rows from before the column have a value in it that no event brings. */
  public boolean fillsOlderRows() {
    return definition != null && definition.hasDefault();
  }

  public boolean isKey() {
    return keyPosition > 0;
  }
}
