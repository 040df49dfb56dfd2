package io.gkp.connector.source;

import io.gkp.connector.config.TableName;
import io.gkp.connector.mapping.DebeziumTextConverter;
import io.gkp.connector.mapping.ChangeOp;
import io.gkp.connector.mapping.SourceTable;
import io.gkp.offsets.Lsn;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.IdentityHashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
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
  private static final String MESSAGE_TOPIC = EngineProperties.TOPIC_PREFIX + ".message";

  /** Debezium builds a new schema object when, and only when, the table changed. */
  private final Map<Schema, SourceTable> layouts = new IdentityHashMap<>();

  /**
   * Passes one record on.
   *
   * @return the commit-end LSN when the record ends a transaction, otherwise null
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
        Lsn end = new Lsn(Long.parseLong(id.substring(id.indexOf(':') + 1)));
        handler.transactionEnd(end);
        return end;
      }
      case MESSAGE_TOPIC -> {
        byte[] content = value.getStruct("message").getBytes("content");
        handler.message(new String(content, StandardCharsets.UTF_8));
        return null;
      }
      default -> {
        if (value != null && value.schema().field("op") != null) {
          handler.change(change(record, value));
        }
        return null;
      }
    }
  }

  private Change change(SourceRecord record, Struct envelope) {
    ChangeOp operation = ChangeOp.of(envelope.getString("op"));
    Struct source = envelope.getStruct("source");
    Schema rowSchema = envelope.schema().field("after").schema();
    SourceTable layout =
        layouts.computeIfAbsent(rowSchema, schema -> layout(source, schema, record.keySchema()));
    Struct row = envelope.getStruct(operation == ChangeOp.DELETE ? "before" : "after");
    return new Change(
        new TableName(source.getString("schema"), source.getString("table")),
        layout,
        operation,
        values(row, rowSchema, layout),
        source.getInt64("lsn"),
        source.getInt64("txId"),
        Instant.EPOCH.plus(source.getInt64("ts_us"), ChronoUnit.MICROS));
  }

  private static SourceTable layout(Struct source, Schema rowSchema, Schema keySchema) {
    return null;
  }

  private static String[] values(Struct row, Schema schema, SourceTable layout) {
    String[] values = new String[schema.fields().size()];
    if (row != null) {
      for (Field field : schema.fields()) {
        values[field.index()] = (String) row.getWithoutDefault(field.name());
      }
    }
    return values;
  }
}
