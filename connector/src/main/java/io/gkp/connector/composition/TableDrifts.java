package io.gkp.connector.composition;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.composition.Drift.Remedy;
import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.source.SourceErrors;
import io.gkp.failure.ExportException;
import io.gkp.name.TableName;
import io.gkp.offsets.Epoch;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the captured tables consist of at the start of a run, and what has become of them since
 * their epochs began.
 *
 * <p>Read before the run creates a slot, sets a fence, or takes a snapshot. So what changes while
 * it goes is a difference to what it records, and the next run finds it.
 */
public final class TableDrifts {
  private final Map<TableName, Composition> now;
  private final Map<TableName, Drift> drifts = new HashMap<>();

  private TableDrifts(Map<TableName, Composition> now) {
    this.now = now;
  }

  /**
   * @param compositions what the tables consist of, as {@link Compositions#read} has it
   * @param newest the newest epoch of every table; one that is not streamed into is read in any
   *     case
   * @param keyed whether a table's rows can be told apart
   * @param failed told where the rows of a table cannot be asked for; of that nothing is known
   */
  public static TableDrifts read(
      Connection connection,
      SourceConfig source,
      Map<TableName, Composition> compositions,
      Map<String, Epoch> newest,
      Predicate<TableName> keyed,
      Consumer<ExportException> failed)
      throws SQLException {
    TableDrifts read = new TableDrifts(publishedSince(compositions, newest));
    for (Map.Entry<TableName, Composition> now : read.now.entrySet()) {
      TableName table = now.getKey();
      Optional<String> recorded =
          Optional.ofNullable(newest.get(table.display()))
              .filter(Epoch::isStreaming)
              .map(Epoch::composition);
      if (recorded.filter(Composition::isForeign).isPresent()) {
        read.drifts.put(
            table,
            Drift.anew("is described in the dataset's epochs by what the export never writes"));
      }
      Optional<Composition> before = recorded.flatMap(Composition::parse);
      if (before.isPresent()) {
        CompositionDrift drift =
            new CompositionDrift(
                before.get(),
                now.getValue(),
                () -> keyed.test(table),
                new PartRows(connection, table));
        try {
          read.drifts.put(table, drift.decide());
        } catch (SQLException e) {
          failed.accept(SourceErrors.toFailure(source, e));
        }
      }
    }
    return read;
  }

  private static Map<TableName, Composition> publishedSince(
      Map<TableName, Composition> compositions, Map<String, Epoch> newest) {
    Map<TableName, Composition> since = new HashMap<>(compositions);
    since.replaceAll(
        (table, now) ->
            Optional.ofNullable(newest.get(table.display()))
                .flatMap(epoch -> Composition.parse(epoch.composition()))
                .map(now::publishedAs)
                .orElse(now));
    return since;
  }

  /** What is said of it. */
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    for (Map.Entry<TableName, Drift> drift : drifts.entrySet()) {
      Remedy remedy = drift.getValue().remedy();
      if (remedy != Remedy.NOTHING && remedy != Remedy.COMPARE) {
        findings.add(finding(drift.getKey(), drift.getValue()));
      }
    }
    List<String> hidden = tables(Remedy.COMPARE).stream().map(TableName::display).sorted().toList();
    if (!hidden.isEmpty()) {
      findings.add(publication(hidden));
    }
    return findings;
  }

  private static Finding publication(List<String> tables) {
    return Finding.warning(
            "publication-altered",
            "The publication was altered (its owner, or what matters to other tables) since the last"
                + " run.",
            "That reads nothing anew. If it also left operations out for a while (publish), their"
                + " changes are missing, and the catalogue does not tell: compare the tables.")
        .withCommand("./gkp_cli verify --table " + String.join(",", tables));
  }

  /** What is said of a drift that asks for something. */
  public static Finding finding(TableName table, Drift drift) {
    return Finding.warning(
        "rows-without-events",
        "Table " + table + " " + drift.what() + ".",
        drift.remedy() == Remedy.READ_PARTS
            ? "Rows that it held before came without an event: runs read them by themselves."
            : "No event tells what that did to its rows, so runs read it anew by themselves. Until"
                + " that is complete, the former rows stay visible.");
  }

  /** Of a table of which no composition was known, nothing. */
  public Drift of(TableName table) {
    return drifts.getOrDefault(table, Drift.NONE);
  }

  /** The tables that ask for it. */
  public List<TableName> tables(Remedy remedy) {
    return drifts.keySet().stream().filter(table -> of(table).remedy() == remedy).toList();
  }

  /** Partitions that have come with rows, of those tables. */
  public Map<TableName, List<Drift.Attached>> attached(Collection<TableName> tables) {
    Map<TableName, List<Drift.Attached>> attached = new LinkedHashMap<>();
    for (TableName table : tables) {
      if (of(table).remedy() == Remedy.READ_PARTS) {
        attached.put(table, of(table).attached());
      }
    }
    return attached;
  }

  /** What a table consists of now; empty where there is no such table. */
  public Optional<Composition> now(TableName table) {
    return Optional.ofNullable(now.get(table));
  }

  /** {@link Composition#published}; where there is no such table, nobody is known to be later. */
  public long published(TableName table) {
    return now(table).map(Composition::published).orElse(Long.MAX_VALUE);
  }

  /** For the ledger; null where there is no such table. */
  public @Nullable String composition(TableName table) {
    return now.containsKey(table) ? now.get(table).text() : null;
  }

  /** Epochs of which something else is recorded, with what is to be recorded. */
  public List<Epoch> outdated(Map<TableName, Epoch> epochs) {
    List<Epoch> outdated = new ArrayList<>();
    epochs.forEach(
        (table, epoch) -> {
          Composition today = now.get(table);
          Optional<Composition> before = Composition.parse(epoch.composition());
          if (today != null && before.filter(today::isLike).isEmpty()) {
            outdated.add(epoch.consistingOf(before.map(today::since).orElse(today).text()));
          }
        });
    return outdated;
  }
}
