package io.gkp.connector.checks.source;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.checks.Finding;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether the application can go on to update and delete rows of a table that is published.
 *
 * <p>Postgres refuses both where the published part of an old row would not tell which row it was.
 * The conditions are those of CheckCmdReplicaIdentity in the server's execReplication.c.
 */
public final class IdentityChecks {
  private static final String NAME = "replica-identity";
  private static final int GENERATED_SINCE = 180000;

  private IdentityChecks() {}

  /** What is wrong with a relation, and the statements that mend it. */
  private record Problem(String reason, List<String> sql) {}

  /** Of all captured tables, published or not. */
  public static List<Finding> all(Source source) throws SQLException {
    List<Finding> findings = of(source, source.config().tables());
    return findings.isEmpty()
        ? List.of(Finding.ok(NAME, "All captured tables have a replica identity."))
        : findings;
  }

  /** The errors of some of the captured tables. */
  public static List<Finding> of(Source source, Collection<TableName> tables) throws SQLException {
    Map<TableName, PublishedTable> published = new LinkedHashMap<>();
    for (PublishedTable table : source.tables()) {
      if (tables.contains(table.table())) {
        published.put(table.table(), table);
      }
    }
    Map<TableName, Map<String, List<ReplicaIdentity>>> byReason = new LinkedHashMap<>();
    Map<ReplicaIdentity, Problem> problems = new LinkedHashMap<>();
    for (ReplicaIdentity identity : source.identities()) {
      PublishedTable table = published.get(identity.captured());
      Problem problem = table == null ? null : problem(source, table, identity);
      if (problem != null) {
        problems.put(identity, problem);
        byReason
            .computeIfAbsent(identity.captured(), name -> new LinkedHashMap<>())
            .computeIfAbsent(problem.reason(), reason -> new ArrayList<>())
            .add(identity);
      }
    }
    List<Finding> findings = new ArrayList<>();
    byReason.forEach(
        (name, reasons) ->
            reasons.forEach(
                (reason, identities) ->
                    findings.add(
                        finding(
                            requireNonNull(published.get(name)),
                            reason,
                            identities,
                            identities.stream()
                                .flatMap(
                                    identity ->
                                        requireNonNull(problems.get(identity)).sql().stream())
                                .distinct()
                                .toList()))));
    return findings;
  }

  private static Finding finding(
      PublishedTable table, String reason, List<ReplicaIdentity> identities, List<String> sql) {
    String relations =
        identities.stream().map(ReplicaIdentity::name).collect(Collectors.joining(", "));
    return Finding.error(
            NAME,
            Failure.REPLICA_IDENTITY,
            "Postgres %s every UPDATE and DELETE on %s: %s."
                .formatted(table.arrives() ? "refuses" : "would refuse", relations, reason),
            (table.arrives()
                    ? "It is published, so the application fails now."
                    : "No run publishes it like this: the application would fail.")
                + (sql.isEmpty() ? " Give it a primary key that is not DEFERRABLE." : ""))
        .withSql(sql.toArray(String[]::new));
  }

  /** Null where there is none. */
  private static @Nullable Problem problem(
      Source source, PublishedTable table, ReplicaIdentity identity) throws SQLException {
    boolean generatedCount = source.version() >= GENERATED_SINCE;
    List<String> unsent = unsent(table, identity);
    boolean wholeWorks = wholeWorks(source, table, identity);
    if (identity.lack() != null) {
      return new Problem(identity.lack(), identify(source, table, identity, wholeWorks, unsent));
    }
    if (identity.whole()) {
      if (wholeWorks) {
        return null;
      }
      String reason =
          table.columns().listed()
              ? "REPLICA IDENTITY FULL and the publication's list of columns exclude each other"
              : "REPLICA IDENTITY is FULL, and generated columns are not published";
      return new Problem(reason, identify(source, table, identity, false, unsent));
    }
    List<String> outside = new ArrayList<>(identity.columns());
    outside.removeAll(table.columns().sent());
    if (table.columns().listed() && !outside.isEmpty()) {
      List<String> columns = new ArrayList<>(table.columns().sent());
      columns.addAll(outside);
      return new Problem(
          "the publication's list of columns lacks "
              + String.join(", ", outside)
              + " of its replica identity",
          List.of(table.entryAnew(source, columns)));
    }
    outside.retainAll(identity.stored());
    if (generatedCount && !outside.isEmpty()) {
      return new Problem(
          "its replica identity has generated columns, which are not published",
          List.of(publishGenerated(source)));
    }
    if (table.columns().filtered() != null
        && !identity.columns().containsAll(table.columns().filtered())) {
      return new Problem(
          "the publication's row filter uses columns outside of its replica identity",
          List.of(
              table.entryAnew(source, table.columns().listed() ? table.columns().sent() : null)));
    }
    return null;
  }

  /** Generated columns that are stored, and not published. */
  private static List<String> unsent(PublishedTable table, ReplicaIdentity identity) {
    List<String> unsent = new ArrayList<>(identity.stored());
    unsent.removeAll(table.columns().sent());
    return unsent;
  }

  /** Whether Postgres accepts the whole row as identity. */
  private static boolean wholeWorks(Source source, PublishedTable table, ReplicaIdentity identity)
      throws SQLException {
    return !table.columns().listed()
        && (source.version() < GENERATED_SINCE
            || !identity.virtual() && unsent(table, identity).isEmpty());
  }

  /** Statements that make the whole row the identity; none where Postgres would not accept it. */
  static List<String> wholeRows(Source source, TableName name) throws SQLException {
    List<String> sql = new ArrayList<>();
    for (PublishedTable table : source.tables()) {
      if (table.table().equals(name)) {
        for (ReplicaIdentity identity : ReplicaIdentity.of(source, name)) {
          if (!wholeWorks(source, table, identity)) {
            return List.of();
          }
          sql.add("ALTER TABLE " + identity.relation().quoted() + " REPLICA IDENTITY FULL;");
        }
      }
    }
    return sql;
  }

  private static List<String> identify(
      Source source,
      PublishedTable table,
      ReplicaIdentity identity,
      boolean wholeWorks,
      List<String> unsent)
      throws SQLException {
    List<String> sql = new ArrayList<>();
    identity.statement(wholeWorks).ifPresent(sql::add);
    if (!sql.isEmpty()) {
      return sql;
    }
    if (table.columns().listed()) {
      sql.add(table.entryAnew(source, null));
    }
    if (!unsent.isEmpty()) {
      sql.add(publishGenerated(source));
    }
    if (source.version() >= GENERATED_SINCE && identity.virtual()) {
      return List.of();
    }
    if (!identity.whole()) {
      identity.statement(true).ifPresent(sql::add);
    }
    return sql;
  }

  private static String publishGenerated(Source source) {
    return "ALTER PUBLICATION "
        + TableName.quote(source.config().publication())
        + " SET (publish_generated_columns = stored);";
  }
}
