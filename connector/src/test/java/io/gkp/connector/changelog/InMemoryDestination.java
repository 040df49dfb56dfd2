package io.gkp.connector.changelog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gkp.connector.mapping.schema.RawTable;
import io.gkp.connector.mapping.schema.SchemaChanges;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Raw tables in memory, as one process sees them; {@link #another} is how a second one does.
 *
 * <p>The rules are those of a job registry: an id is used once, for ever, by a part or by a mark
 * that none will come.
 */
final class InMemoryDestination implements ChangelogDestination {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Warehouse warehouse;
  private volatile Observer observer = (moment, part) -> {};

  /** What a process is about to do, or has done. */
  enum Moment {
    CLAIM,
    CLAIMED,
    ACCEPT,
    ACCEPTED,
    WAIT,
    DURABLE
  }

  /** Sees each moment; may wait, and may throw as a process that dies there would. */
  interface Observer {
    /**
     * @param part null where a number is claimed
     */
    void at(Moment moment, Part part) throws InterruptedException;
  }

  /** What outlives every process. */
  private static final class Warehouse {
    private final Set<String> claims = new HashSet<>();
    private final Map<String, Optional<Job>> jobs = new HashMap<>();
    private final Set<Predicate<Part>> rejected = ConcurrentHashMap.newKeySet();
  }

  /** A load job: done at once, or failed for good. */
  private record Job(Part part, String id, boolean loaded) {
    boolean holds(Part other) {
      return part.cut().equals(other.cut())
          && part.rows() == other.rows()
          && part.ingestedAt().equals(other.ingestedAt());
    }
  }

  InMemoryDestination() {
    this(new Warehouse());
  }

  private InMemoryDestination(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  /** Another process at the same tables. */
  InMemoryDestination another() {
    return new InMemoryDestination(warehouse);
  }

  void observedBy(Observer newObserver) {
    observer = newObserver;
  }

  /** Loads of such parts fail. */
  void reject(Predicate<Part> parts) {
    warehouse.rejected.add(parts);
  }

  void rejectNothing() {
    warehouse.rejected.clear();
  }

  @Override
  public void check() {}

  @Override
  public ChangelogTable table(SourceTable table, ChangelogTable.SchemaReport report) {
    return existingTable(table, report);
  }

  @Override
  public ChangelogTable existingTable(SourceTable table, ChangelogTable.SchemaReport report) {
    return new ChangelogTable(
        RawTable.of(table),
        new ChangelogTable.SchemaFollower() {
          @Override
          public void widen(String name, List<SchemaChanges.Widening> widened) {}

          @Override
          public void key(RawTable raw, long epoch) {}

          @Override
          public void restoreKey(RawTable raw) {}
        },
        report);
  }

  @Override
  public boolean claim(String lineage, long batch) throws InterruptedException {
    observer.at(Moment.CLAIM, null);
    boolean claimed;
    synchronized (warehouse) {
      claimed = warehouse.claims.add(lineage + " " + batch);
    }
    observer.at(Moment.CLAIMED, null);
    return claimed;
  }

  @Override
  public Settlement settle(PartId id) {
    synchronized (warehouse) {
      Job newest = null;
      for (int attempt = 0; ; attempt++) {
        Optional<Job> job = warehouse.jobs.putIfAbsent(id(id, attempt), Optional.empty());
        if (job == null) {
          return new Settlement(
              Optional.ofNullable(newest).map(Job::part).map(part -> recorded(part, false)),
              attempt + 1);
        }
        if (job.isPresent()) {
          newest = job.get();
          if (newest.loaded()) {
            return new Settlement(Optional.of(recorded(newest.part(), true)), attempt + 1);
          }
        }
      }
    }
  }

  private static RecordedPart recorded(Part part, boolean durable) {
    return new RecordedPart(part.cut(), part.rows(), part.ingestedAt(), durable);
  }

  @Override
  public Pending accept(Part part) throws InterruptedException {
    observer.at(Moment.ACCEPT, part);
    Job job;
    synchronized (warehouse) {
      String id = id(part.id(), part.attempt());
      boolean loads = warehouse.rejected.stream().noneMatch(rule -> rule.test(part));
      Job offered = new Job(part, id, loads);
      Optional<Job> used = warehouse.jobs.putIfAbsent(id, Optional.of(offered));
      if (used != null && (used.isEmpty() || !used.get().holds(part))) {
        throw new ExportException(
            Failure.LINEAGE_TAKEN_OVER, id + " is used.", "Let the other one finish.");
      }
      job = used == null ? offered : used.get();
    }
    observer.at(Moment.ACCEPTED, part);
    return () -> {
      observer.at(Moment.WAIT, part);
      if (!job.loaded()) {
        throw new ExportException(Failure.LOAD_REJECTED, job.id() + " failed.", "Run again.");
      }
      observer.at(Moment.DURABLE, part);
      return new Receipt(part, job.id(), part.rows());
    };
  }

  private static String id(PartId id, int attempt) {
    return "gkp_"
        + id.lineage()
        + "_"
        + id.batch()
        + "_"
        + (id.snapshotRun().isEmpty() ? "" : id.snapshotRun() + "_")
        + id.table()
        + "_p"
        + id.part()
        + "_a"
        + attempt;
  }

  /** Rows of a raw table, in the order that its readers give them. */
  List<JsonNode> rows(String table) {
    synchronized (warehouse) {
      return warehouse.jobs.values().stream()
          .flatMap(Optional::stream)
          .filter(job -> job.loaded() && job.part().id().table().equals(table))
          .flatMap(job -> lines(job.part()))
          .sorted(
              Comparator.<JsonNode>comparingLong(row -> row.get("_cdc_batch").asLong())
                  .thenComparing(row -> row.get("_cdc_row").asLong()))
          .toList();
    }
  }

  private static Stream<JsonNode> lines(Part part) {
    try {
      return JSON.readerFor(JsonNode.class).<JsonNode>readValues(text(part)).readAll().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a part holds, uncompressed. */
  static String text(Part part) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      part.content().writeTo(Channels.newChannel(bytes));
      try (GZIPInputStream plain =
          new GZIPInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        return new String(plain.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
