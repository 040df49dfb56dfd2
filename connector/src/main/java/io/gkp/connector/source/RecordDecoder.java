package io.gkp.connector.source;

import io.gkp.connector.debezium.Alias;
import io.gkp.connector.debezium.FencedStream;
import io.gkp.connector.mapping.ChangeOp;
import io.gkp.connector.mapping.StreamTable;
import io.gkp.connector.source.Change.Row;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Reads Debezium's records directly from their structs.
 *
 * @see <a
 *     href="https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-events">event
 *     shapes</a>
 */
final class RecordDecoder {
  private static final String TRANSACTION_TOPIC = EngineProperties.TOPIC_PREFIX + ".transaction";
  private static final String[] NO_VALUES = {};

  /** Debezium builds a new schema object when, and only when, the table changed. */
  private final Map<Schema, StreamTable> layouts = new IdentityHashMap<>();

  private final Catalogue catalogue;

  RecordDecoder(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  /**
   * Passes one record on.
   *
   * @return the commit-end LSN when the record ends a transaction at which the handler's durable
   *     position may come to stand, otherwise null
   */
  Lsn decode(SourceRecord record, ChangeHandler handler) throws InterruptedException {
    Struct value = (Struct) record.value();
    switch (record.topic()) {
      case TRANSACTION_TOPIC -> {
        if (!"END".equals(value.getString("status"))) {
          return null;
        }
        // id is "<xid>:<lsn>"
        String id = value.getString("id");
        int colon = id.indexOf(':');
        Lsn end = new Lsn(Long.parseLong(id.substring(colon + 1)));
        boolean mayStand =
            Long.parseLong(id.substring(0, colon)) == FencedStream.TRANSACTION
                ? handler.fence(end)
                : handler.transactionEnd(end);
        return mayStand ? end : null;
      }
      default -> {
        if (value != null && value.schema().field("op") != null) {
          change(value, handler);
        }
        return null;
      }
    }
  }

  private void change(Struct envelope, ChangeHandler handler) throws InterruptedException {
    ChangeOp operation = ChangeOp.of(envelope.getString("op"));
    Struct source = envelope.getStruct("source");
    TableName name =
        new TableName(
            Alias.nameOf(source.getString("schema")), Alias.nameOf(source.getString("table")));
    StreamTable layout =
        layouts.computeIfAbsent(
            envelope.schema().field("after").schema(), schema -> catalogue.layout(name, schema));
    handler.change(
        new Change(
            name,
            layout.table(),
            rows(layout, operation, envelope.getStruct("before"), envelope.getStruct("after")),
            source.getInt64("lsn"),
            source.getInt64("txId"),
            Instant.EPOCH.plus(source.getInt64("ts_us"), ChronoUnit.MICROS)));
  }

  private static List<Row> rows(
      StreamTable layout, ChangeOp operation, Struct before, Struct after) {
    if (operation == ChangeOp.UPDATE && before != null) {
      String[] old = layout.values(before);
      String[] now = layout.values(after);
      return layout.table().keysMayMove() || KeyChange.isOne(layout.table(), old, now)
          ? List.of(new Row(ChangeOp.DELETE, old), new Row(ChangeOp.CREATE, now))
          : List.of(new Row(operation, now));
    }
    Struct row = operation == ChangeOp.DELETE ? before : after;
    return List.of(new Row(operation, row == null ? NO_VALUES : layout.values(row)));
  }
}
