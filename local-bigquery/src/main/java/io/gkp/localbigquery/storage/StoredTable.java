package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.Table;
import io.gkp.localbigquery.ApiException;
import io.gkp.localbigquery.ApiJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A table's directory: its {@link TableFile} and its segments. Readers keep the segments they
 * started with, whatever is committed meanwhile. Writers must take turns.
 */
final class StoredTable {
  private static final String FILE = "table.json";

  private final Path directory;
  private final Map<String, String> receipts;
  private final Set<Path> obsolete = new HashSet<>();
  private TableFile current;
  private int cursors;
  private boolean deleted;

  private StoredTable(Path directory, TableFile current) {
    this.directory = directory;
    this.receipts = current.receipts();
    this.current = current.withoutReceipts();
  }

  static StoredTable create(Path directory, TableChange change, Path staging) {
    Durable.createDirectory(directory);
    StoredTable table = new StoredTable(directory, new TableFile(null, List.of(), Map.of()));
    table.commit(change, staging);
    return table;
  }

  /** Opens the table, or clears away what is left of one that was deleted or never created. */
  static Optional<StoredTable> open(Path directory) {
    if (!Files.exists(directory.resolve(FILE))) {
      Durable.deleteTree(directory);
      return Optional.empty();
    }
    TableFile file = TableFile.read(Durable.read(directory.resolve(FILE)));
    Set<String> known = file.segments().stream().map(Segment::file).collect(Collectors.toSet());
    for (Path path : Durable.list(directory)) {
      String name = path.getFileName().toString();
      if (!name.equals(FILE) && !known.contains(name)) {
        Durable.delete(path);
      }
    }
    return Optional.of(new StoredTable(directory, file));
  }

  /** What jobs left behind that may not know of their success. */
  Map<String, String> receipts() {
    return receipts;
  }

  synchronized Table metadata() {
    Table table = ApiJson.copy(current.table());
    if (table.getView() == null) {
      table.setNumRows(BigInteger.valueOf(current.rows()));
      table.setNumBytes(current.bytes());
      table.setNumTotalLogicalBytes(current.bytes());
    }
    return table;
  }

  synchronized long rows() {
    return current.rows();
  }

  /** Takes on the change; durable on return. */
  void commit(TableChange change, Path staging) {
    List<Segment> segments = new ArrayList<>(change.keepRows() ? current.segments() : List.of());
    adopt(change.added(), staging);
    segments.addAll(change.added());
    Map<String, String> receipt =
        change
            .receipt()
            .map(given -> Map.of(given.job(), given.outcome()))
            .orElse(Map.<String, String>of());
    TableFile next = new TableFile(stamped(change.table()), List.copyOf(segments), receipt);
    Durable.write(directory.resolve(FILE), next.write());
    synchronized (this) {
      current.segments().stream()
          .filter(segment -> !segments.contains(segment))
          .forEach(segment -> obsolete.add(directory.resolve(segment.file())));
      current = next.withoutReceipts();
      sweep();
    }
  }

  private void adopt(List<Segment> added, Path staging) {
    try {
      for (Segment segment : added) {
        Files.move(
            staging.resolve(segment.file()),
            directory.resolve(segment.file()),
            StandardCopyOption.ATOMIC_MOVE);
      }
      Durable.syncDirectory(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Table stamped(Table table) {
    return ApiJson.copy(table)
        .setEtag(UUID.randomUUID().toString())
        .setLastModifiedTime(BigInteger.valueOf(System.currentTimeMillis()))
        .setNumRows(null)
        .setNumBytes(null)
        .setNumTotalLogicalBytes(null);
  }

  synchronized Warehouse.RowCursor scan(List<String> names, long skip, long limit) {
    if (deleted) {
      throw Names.tableNotFound(current.table().getTableReference());
    }
    List<Column> columns = Column.of(current.table().getSchema());
    List<Column> wanted = new ArrayList<>();
    for (String name : names) {
      int index = Column.indexOf(columns, name);
      if (index < 0) {
        throw ApiException.invalid("No such field: " + name);
      }
      wanted.add(columns.get(index));
    }
    SegmentCursor cursor =
        new SegmentCursor(directory, current.segments(), wanted, skip, limit, this::release);
    cursors++;
    return cursor;
  }

  private synchronized void release() {
    cursors--;
    sweep();
  }

  /** Once this returns the table is gone for good; its files go when nobody reads them. */
  void delete() {
    Durable.delete(directory.resolve(FILE));
    synchronized (this) {
      deleted = true;
      sweep();
    }
  }

  private void sweep() {
    if (cursors > 0) {
      return;
    }
    if (deleted) {
      Durable.deleteTree(directory);
    } else {
      try {
        for (Path segment : obsolete) {
          Files.deleteIfExists(segment);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      obsolete.clear();
    }
  }
}
