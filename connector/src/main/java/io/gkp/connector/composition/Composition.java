package io.gkp.connector.composition;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a captured table consisted of at one moment, as the catalogue had it. Names, OIDs and
 * transaction ids; nothing of the rows.
 *
 * <p>A <em>version</em> is the {@code xmin} of a catalogue row: the transaction that wrote it last.
 *
 * @param oid the table's OID in {@code pg_class}
 * @param horizon every transaction with a lower id had ended (64 bits, as {@code
 *     pg_snapshot_xmin()})
 * @param published no transaction with this id (64 bits) or a higher one wrote the table before it
 *     was published as it is; 0 where an older release has not recorded it
 * @param columns the captured columns, in table order
 * @param parts the table itself and, where it is partitioned, all partitions below it
 * @param labels digests of enum labels by their OIDs, of all enums that the columns' types hold,
 *     each with the version of its row: a label may have been another one for a while
 * @param attributes digest of the attributes of composite types, those included that were dropped;
 *     null where there are none
 * @param monetary {@code lc_monetary}, which decides how a {@code money} is printed; null where no
 *     column holds any
 * @param publication how its changes are sent
 * @param former numbers of dropped columns by their names
 * @param came partitions that rows were brought of, and that none of the parts is: the versions of
 *     their rows in {@code pg_inherits} then, by their OIDs
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Composition(
    long oid,
    long horizon,
    long published,
    List<Column> columns,
    List<Part> parts,
    Map<String, String> labels,
    String attributes,
    String monetary,
    Publication publication,
    Map<String, Integer> former,
    Map<Long, Long> came) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public Composition {
    columns = columns == null ? List.of() : List.copyOf(columns);
    parts = parts == null ? List.of() : List.copyOf(parts);
    labels = labels == null ? Map.of() : Map.copyOf(labels);
    former = former == null ? Map.of() : Map.copyOf(former);
    came = came == null ? Map.of() : Map.copyOf(came);
  }

  /**
   * @param number {@code attnum}: never given to another column of the table
   * @param type OID of its type
   * @param modifier {@code atttypmod}, such as the length of a varchar
   * @param version of its row in {@code pg_attribute}
   * @param generated whether it is {@code GENERATED ALWAYS AS (...)}
   * @param expression OID of its default or generation expression, 0 where it has none; another one
   *     whenever that is set anew, and whenever the column's type is altered
   * @param filled whether rows from before the column have a value in it that was never written to
   *     them ({@code atthasmissing})
   */
  record Column(
      int number,
      String name,
      long type,
      int modifier,
      long version,
      boolean generated,
      long expression,
      boolean filled) {
    Column {
      Objects.requireNonNull(name, "name");
    }
  }

  /**
   * @param kind {@code relkind}: r, p for one that is partitioned itself, f for a foreign table
   * @param file {@code relfilenode}, 0 for one without a file: another one after TRUNCATE, and
   *     after everything that writes the table anew
   * @param toast OID of its TOAST table, 0 where it has none: another one after ALTER TABLE has
   *     rewritten the table, the same one after VACUUM FULL, CLUSTER and TRUNCATE
   * @param attached version of its row in {@code pg_inherits}, 0 for the captured table
   */
  record Part(long oid, String name, String kind, long file, long toast, long attached) {
    Part {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(kind, "kind");
    }

    boolean isLeaf() {
      return !kind.equals("p");
    }
  }

  /**
   * @param version of its row in {@code pg_publication}
   * @param owner OID of its owner
   * @param viaRoot {@code publish_via_partition_root}
   * @param generated {@code publish_generated_columns}; null before PostgreSQL 18
   * @param entries by what it holds the table: entries of its own or of its schema, each with its
   *     OID, or all tables. Another one when the table left and came back
   */
  record Publication(
      long version, long owner, boolean viaRoot, String generated, List<String> entries) {
    Publication {
      entries = entries == null ? List.of() : List.copyOf(entries);
    }
  }

  /**
   * Reads what {@link #text} has written; empty for what an older release has recorded, and for
   * what {@link #isForeign somebody else} has.
   */
  public static Optional<Composition> parse(@Nullable String text) {
    if (text == null || !text.startsWith("{")) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(text, Composition.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Whether it is what no release has recorded: nothing is known of the table then. */
  static boolean isForeign(String text) {
    return text != null && text.startsWith("{") && parse(text).isEmpty();
  }

  /** As they were called then. */
  public Set<String> columnNames() {
    return columns.stream().map(Column::name).collect(Collectors.toSet());
  }

  /** For the ledger. */
  public String text() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Without columns that never leave the source. */
  Composition without(Collection<String> excluded) {
    return new Composition(
        oid,
        horizon,
        published,
        columns.stream().filter(column -> !excluded.contains(column.name())).toList(),
        parts,
        labels,
        attributes,
        monetary,
        publication,
        former,
        came);
  }

  /** Keeps in mind which columns have been dropped since another one of the same epoch. */
  public Composition since(Composition before) {
    Map<String, Integer> dropped = new HashMap<>(before.former);
    before.columns.forEach(column -> dropped.put(column.name(), column.number()));
    columns.forEach(column -> dropped.remove(column.name()));
    return with(dropped, before.came);
  }

  /**
   * Keeps in mind that rows of partitions have been brought.
   *
   * @param partitions versions of their rows in {@code pg_inherits}, by their OIDs
   */
  public Composition with(Map<Long, Long> partitions) {
    Map<Long, Long> all = new HashMap<>(partitions);
    all.putAll(came); // as it was first
    return with(former, all);
  }

  private Composition with(Map<String, Integer> dropped, Map<Long, Long> partitions) {
    Map<Long, Long> unknown = new HashMap<>(partitions);
    unknown.keySet().removeIf(this::holds);
    return new Composition(
        oid,
        horizon,
        published,
        columns,
        parts,
        labels,
        attributes,
        monetary,
        publication,
        dropped,
        unknown);
  }

  /** Keeps in mind when it was first seen to be published as it is. */
  Composition publishedAs(Composition before) {
    boolean isSame =
        before.published > 0
            && before.published < published
            && before.oid == oid
            && Objects.equals(before.publication, publication);
    return new Composition(
        oid,
        horizon,
        isSame ? before.published : published,
        columns,
        parts,
        labels,
        attributes,
        monetary,
        publication,
        former,
        came);
  }

  /** Whether there is no difference, whenever they were read, and whatever was there before. */
  public boolean isLike(Composition other) {
    return oid == other.oid
        && columns.equals(other.columns)
        && parts.equals(other.parts)
        && labels.equals(other.labels)
        && Objects.equals(attributes, other.attributes)
        && Objects.equals(monetary, other.monetary)
        && Objects.equals(publication, other.publication)
        && came.equals(other.came);
  }

  /** Whether a relation was the table itself, or a part of it. */
  public boolean holds(long relation) {
    return part(relation).isPresent();
  }

  /** Whether a part is one of the table's still, or again, as it was attached then. */
  boolean holds(long relation, long attached) {
    return part(relation).filter(part -> part.attached() == attached).isPresent();
  }

  boolean isPartitioned() {
    return parts.stream().anyMatch(part -> !part.isLeaf());
  }

  Optional<Part> part(long wanted) {
    return parts.stream().filter(part -> part.oid() == wanted).findFirst();
  }

  Optional<Column> column(int number) {
    return columns.stream().filter(column -> column.number() == number).findFirst();
  }

  /**
   * What a shape that the stream announced tells of columns that have the same names now as before:
   * one that it lacks, or that stands elsewhere among the others, had another name for a while.
   * PostgreSQL announces columns in the order of their numbers, and never gives a number to another
   * column.
   *
   * @param now what the table consists of now
   * @param sent the columns that are sent now
   * @param announced the columns of the shape, in its order
   * @return half a sentence about the table; empty where the shape fits
   */
  public Optional<String> contradiction(
      Composition now, Collection<String> sent, List<String> announced) {
    int last = -1;
    for (Column column : columns) {
      boolean isKept =
          now.column(column.number()).filter(c -> c.name().equals(column.name())).isPresent();
      if (isKept && sent.contains(column.name())) {
        int place = announced.indexOf(column.name());
        if (place < last || place < 0) {
          return Optional.of("had its column " + column.name() + " under another name for a while");
        }
        last = place;
      }
    }
    return Optional.empty();
  }

  /** Whether a column had the name, though it may be dropped by now. */
  boolean hadColumn(String name) {
    return former.containsKey(name) || columns.stream().anyMatch(c -> c.name().equals(name));
  }
}
