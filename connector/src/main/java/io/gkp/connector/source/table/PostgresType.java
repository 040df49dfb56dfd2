package io.gkp.connector.source.table;

import static java.util.Objects.requireNonNull;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A type of the source database, as {@code pg_type} describes it.
 *
 * @param oid the type's object identifier, unsigned; 0 for a type that the catalogue no longer has
 * @param namespace the schema that holds the type
 * @param name {@code typname}, so {@code int4} and not {@code integer}
 * @param kind what sort of type it is
 * @param inner the element type of an array, the base type of a domain, otherwise null
 * @param innerTypmod the modifier that a domain gives its base type; -1 for none
 * @param delimiter what separates this type's values in the text of an array: a comma for all but
 *     {@code box} and some extension types
 * @see <a href="https://www.postgresql.org/docs/current/catalog-pg-type.html">pg_type</a>
 */
public record PostgresType(
    long oid,
    String namespace,
    String name,
    Kind kind,
    @Nullable PostgresType inner,
    int innerTypmod,
    char delimiter) {
  public static final int NO_TYPMOD = -1;

  /** {@code typtype}, with arrays told apart from other base types. */
  public enum Kind {
    BASE,
    ENUM,
    DOMAIN,
    COMPOSITE,
    RANGE,
    MULTIRANGE,
    ARRAY,
    PSEUDO,
    /** A type that was dropped after the row was written. */
    UNKNOWN
  }

  public PostgresType {
    Objects.requireNonNull(namespace, "namespace");
    Objects.requireNonNull(name, "name");
    if ((kind == Kind.ARRAY || kind == Kind.DOMAIN) != (inner != null)) {
      throw new IllegalArgumentException(kind + " " + name + " with inner type " + inner);
    }
  }

  public static PostgresType base(long oid, String namespace, String name, Kind kind) {
    return new PostgresType(oid, namespace, name, kind, null, NO_TYPMOD, ',');
  }

  static PostgresType unknown(long oid) {
    return base(oid, "", "unknown type " + oid, Kind.UNKNOWN);
  }

  /** True for a type that comes with Postgres, so that its name says how its text looks. */
  public boolean isBuiltIn() {
    return namespace.equals("pg_catalog");
  }

  /** What an array holds, or a domain is over. */
  public PostgresType held() {
    return requireNonNull(inner);
  }

  /** The name as a reader knows it: {@code int4}, {@code shop.mood}, {@code int4[]}. */
  public String displayName() {
    if (kind == Kind.ARRAY) {
      return held().displayName() + "[]";
    }
    return isBuiltIn() || namespace.isEmpty() ? name : namespace + "." + name;
  }
}
