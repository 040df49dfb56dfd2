package io.gkp.connector.composition;

import io.gkp.connector.composition.Composition.Column;
import io.gkp.connector.composition.Composition.Part;
import io.gkp.connector.composition.Composition.Publication;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Decides what a difference between two compositions of a table asks for.
 *
 * <ol>
 *   <li>Another table: all of it is read anew.
 *   <li>Changes may not have been sent: the same.
 *   <li>Values that older rows have in a column may be others now: the same.
 *   <li>Partitions have gone or were emptied: the same; their keys are nowhere to be read from.
 *   <li>Partitions have come with rows: these are read.
 *   <li>The publication was altered in a way that does not matter, but may hide one that does: that
 *       is said.
 *   <li>Anything else leaves the rows as they were.
 * </ol>
 *
 * <p>Where it cannot be known whether rows have changed, they are read.
 */
final class CompositionDrift {
  /** OIDs of text and varchar: their values are stored and printed alike. */
  private static final Set<Long> TEXTS = Set.of(25L, 1043L);

  private final Composition before;
  private final Composition now;
  private final BooleanSupplier keyed;
  private final PartRows rows;

  /**
   * @param keyed whether rows that are read twice can be told apart
   */
  CompositionDrift(Composition before, Composition now, BooleanSupplier keyed, PartRows rows) {
    this.before = before;
    this.now = now;
    this.keyed = keyed;
    this.rows = rows;
  }

  Drift decide() throws SQLException {
    if (before.isLike(now)) {
      return Drift.NONE;
    }
    Optional<String> anew = anotherTable();
    if (anew.isEmpty()) {
      anew = publication();
    }
    if (anew.isEmpty()) {
      anew = columns();
    }
    if (anew.isEmpty()) {
      anew = types();
    }
    if (anew.isEmpty()) {
      anew = files();
    }
    if (anew.isPresent()) {
      return Drift.anew(anew.get());
    }
    Drift attached = attached();
    return attached == Drift.NONE ? hidden() : attached;
  }

  /**
   * A publication's row tells what it is now. Where another alteration explains that it was
   * written, operations may have been left out in between all the same.
   */
  private Drift hidden() {
    Publication then = before.publication();
    Publication today = now.publication();
    return then == null || today == null || then.version() == today.version()
        ? Drift.NONE
        : Drift.compare("is in a publication that was altered");
  }

  private Optional<String> anotherTable() {
    return before.oid() == now.oid()
        ? Optional.empty()
        : Optional.of("was created anew, or another table has its name now");
  }

  private Optional<String> publication() {
    Publication then = before.publication();
    Publication today = now.publication();
    if (then == null || today == null) {
      return Objects.equals(then, today)
          ? Optional.empty()
          : Optional.of("left the publication and came back");
    }
    if (Collections.disjoint(then.entries(), today.entries())) {
      return Optional.of("left the publication and came back");
    }
    if (then.viaRoot() != today.viaRoot() && now.isPartitioned()) {
      return Optional.of("was published by partition for a while");
    }
    boolean generated = now.columns().stream().anyMatch(Column::generated);
    if (!Objects.equals(then.generated(), today.generated()) && generated) {
      return Optional.of("is published with other generated columns");
    }
    return then.version() == today.version() || isExplained(then, today)
        ? Optional.empty()
        : Optional.of("may have been published in part: the publication was altered");
  }

  /** Something else was altered, and it does not matter here. */
  private static boolean isExplained(Publication then, Publication today) {
    return then.owner() != today.owner()
        || then.viaRoot() != today.viaRoot()
        || !Objects.equals(then.generated(), today.generated());
  }

  private Optional<String> columns() throws SQLException {
    for (Column column : now.columns()) {
      Optional<Column> known = before.column(column.number());
      Optional<String> anew = known.isEmpty() ? added(column) : changed(known.get(), column);
      if (anew.isPresent()) {
        return anew;
      }
    }
    return Optional.empty();
  }

  private Optional<String> added(Column column) throws SQLException {
    String name = "column " + column.name();
    if (before.hadColumn(column.name())) {
      return Optional.of("had its " + name + " dropped and another one added");
    }
    return column.filled() || wasFilled(column)
        ? Optional.of("got the " + name + ", with a value in older rows")
        : Optional.empty();
  }

  private Optional<String> changed(Column then, Column today) throws SQLException {
    String name = "column " + today.name();
    if (!then.name().equals(today.name())) {
      return Optional.of("had its column " + then.name() + " renamed to " + today.name());
    }
    if (then.generated() != today.generated()) {
      return Optional.of("had the generation of its " + name + " changed");
    }
    boolean sameText =
        then.type() == today.type()
            || (TEXTS.contains(then.type()) && TEXTS.contains(today.type()));
    boolean sameType = then.type() == today.type() && then.modifier() == today.modifier();
    return !sameText || (!sameType && mayBeRewritten())
        ? Optional.of("had the type of its " + name + " changed")
        : Optional.empty();
  }

  private Optional<String> types() {
    for (Map.Entry<String, String> label : before.labels().entrySet()) {
      String today = now.labels().get(label.getKey());
      if (today != null && !isSameLabel(label.getValue(), today)) {
        return Optional.of("had a label of an enum renamed");
      }
    }
    if (before.monetary() != null
        && now.monetary() != null
        && !before.monetary().equals(now.monetary())) {
      return Optional.of("prints money in another form: lc_monetary was changed");
    }
    return before.attributes() == null || before.attributes().equals(now.attributes())
        ? Optional.empty()
        : Optional.of("had a composite type altered");
  }

  /** Older releases have recorded no version. */
  private static boolean isSameLabel(String then, String today) {
    return today.equals(then) || (then.indexOf(' ') < 0 && today.startsWith(then));
  }

  private Optional<String> files() throws SQLException {
    for (Part then : before.parts()) {
      if (!now.holds(then.oid(), then.attached())) {
        return Optional.of("had its partition " + then.name() + " detached or dropped");
      }
    }
    if (!before.came().entrySet().stream().allMatch(p -> now.holds(p.getKey(), p.getValue()))) {
      return Optional.of("had a partition detached or dropped that came while a run was under way");
    }
    if (now.isPartitioned()) {
      for (Part then : before.parts()) {
        Part today = now.part(then.oid()).orElseThrow();
        if (today.file() != then.file() && !rows.writtenBefore(today, before.horizon())) {
          return Optional.of("had its partition " + then.name() + " truncated or rewritten");
        }
      }
      return emptied();
    }
    if (wasPartition() && (!hasEntryOfItsOwn() || hasAnotherFile())) {
      return Optional.of("may have been a partition for a while");
    }
    return (isTouched() || !hasEntryOfItsOwn()) && mayBeRewritten()
        ? Optional.of("was rewritten")
        : Optional.empty();
  }

  /**
   * A new partition's file has the number of its OID until TRUNCATE, or something that looks like
   * it, gives it another one. That is nothing to us where it came before the partition did.
   */
  private Optional<String> emptied() throws SQLException {
    for (Part part : come()) {
      if (part.file() != part.oid() && (rows.isUnasked() || !rows.writtenBeforeAttached(part))) {
        return Optional.of("had its new partition " + part.name() + " truncated or rewritten");
      }
    }
    return Optional.empty();
  }

  /** New partitions that hold rows of their own. */
  private List<Part> come() {
    return now.parts().stream()
        .filter(part -> part.kind().equals("r") && before.part(part.oid()).isEmpty())
        .toList();
  }

  /**
   * Whether rows from before a new column have a value in it. Where it is a default, {@code VACUUM
   * FULL} writes it into the rows, and takes it out of the catalogue.
   */
  private boolean wasFilled(Column column) throws SQLException {
    for (Part then : before.parts()) {
      Part today = now.part(then.oid()).orElse(then);
      if (then.file() != today.file()
          && (!rows.writtenBefore(today, before.horizon())
              || rows.writtenBefore(today, before.horizon(), column.name()))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether ALTER TABLE may have rewritten rows. It makes another TOAST table, too; VACUUM FULL,
   * CLUSTER and TRUNCATE do not.
   */
  private boolean mayBeRewritten() throws SQLException {
    for (Part then : before.parts()) {
      Part today = now.part(then.oid()).orElse(then);
      boolean sameToast = then.toast() != 0 && then.toast() == today.toast();
      if (then.file() != today.file()
          && (now.isPartitioned() || !sameToast)
          && !rows.writtenBefore(today, before.horizon())) {
        return true;
      }
    }
    return false;
  }

  /** What alters the values of a column writes its row in the catalogue, too. */
  private boolean isTouched() {
    return now.columns().stream()
        .anyMatch(
            column ->
                before
                    .column(column.number())
                    .filter(
                        then ->
                            then.version() == column.version()
                                && then.expression() == column.expression())
                    .isEmpty());
  }

  /** PostgreSQL refuses SET UNLOGGED while a table has one. */
  private boolean hasEntryOfItsOwn() {
    return now.publication() != null
        && now.publication().entries().stream().anyMatch(entry -> entry.startsWith("table "));
  }

  /** A table that is not partitioned. */
  private boolean hasAnotherFile() {
    return now.parts().stream()
        .anyMatch(today -> before.part(today.oid()).orElse(today).file() != today.file());
  }

  /**
   * Attaching and detaching write all columns' rows at once. While it was a partition, a
   * publication of schemas or of all tables may have sent its changes as its root's; of one that
   * holds it by itself the stream tells. Nothing tells of a TRUNCATE of the root.
   */
  private boolean wasPartition() {
    return now.columns().size() > 1
        && now.columns().stream().mapToLong(Column::version).distinct().count() == 1
        && now.columns().stream()
            .allMatch(
                column ->
                    before
                        .column(column.number())
                        .filter(then -> then.version() != column.version())
                        .isPresent());
  }

  private Drift attached() throws SQLException {
    List<Part> come = new ArrayList<>();
    for (Part part : come()) {
      if (rows.any(part)) {
        come.add(part);
      }
    }
    if (come.isEmpty()) {
      return Drift.NONE;
    }
    return keyed.getAsBoolean() ? readable(come) : withoutKey(come);
  }

  /** Rows that the stream has brought already come once more, which their keys make good. */
  private Drift readable(List<Part> come) {
    List<Drift.Attached> attached =
        come.stream().map(part -> new Drift.Attached(part.name(), part.oid())).toList();
    return Drift.parts(
        "got the partition " + come.stream().map(Part::name).collect(Collectors.joining(", ")),
        attached);
  }

  /** Of a partition that was created empty, the stream has brought everything. */
  private Drift withoutKey(List<Part> come) throws SQLException {
    for (Part part : come) {
      if (rows.writtenBeforeAttached(part)) {
        return Drift.anew("got the partition " + part.name() + ", with rows");
      }
    }
    return Drift.NONE;
  }
}
