package io.gkp.connector.debezium;

import io.debezium.connector.postgresql.UnchangedToastedReplicationMessageColumn;
import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.util.Properties;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * Passes every column on as Postgres' text, in an optional STRING field whose schema parameters say
 * what the column's type is.
 *
 * <p>Configuration: {@code converters=text}, {@code
 * text.type=io.gkp.connector.debezium.DebeziumTextConverter}, together with {@link
 * TextPostgresConnector} and {@code event.converting.failure.handling.mode=fail}.
 */
public final class DebeziumTextConverter
    implements CustomConverter<SchemaBuilder, RelationalColumn> {
  /**
   * Stands for a value that Postgres did not send: unchanged TOAST. Recognised by reference ({@code
   * value == UNAVAILABLE}), never by content, so no text in a table can be mistaken for it.
   */
  @SuppressWarnings("StringOperationCanBeSimplified") // an identity of its own is the point
  public static final String UNAVAILABLE = new String("unavailable");

  /** Schema parameter: the type's OID. */
  public static final String OID = "pg.oid";

  /** Schema parameter: length or precision; -1 where the type has none. */
  public static final String LENGTH = "pg.length";

  /** Schema parameter: scale; 0 where the type has none. */
  public static final String SCALE = "pg.scale";

  @Override
  public void configure(Properties properties) {
    // nothing to configure
  }

  @Override
  public void converterFor(RelationalColumn column, ConverterRegistration<SchemaBuilder> columns) {
    SchemaBuilder schema =
        SchemaBuilder.string()
            .parameter(OID, Integer.toUnsignedString(column.nativeType()))
            .parameter(LENGTH, Integer.toString(column.length().orElse(-1)))
            .parameter(SCALE, Integer.toString(column.scale().orElse(0)));
    columns.register(schema, value -> text(value, column));
  }

  private static String text(Object value, RelationalColumn column) {
    if (value == null) {
      return null;
    }
    if (value instanceof String text) {
      return text;
    }
    if (UnchangedToastedReplicationMessageColumn.isUnchangedToastedValue(value)) {
      return UNAVAILABLE;
    }
    throw new IllegalStateException(
        Alias.nameOf(column.dataCollection())
            + "."
            + Alias.nameOf(column.name())
            + " came as "
            + value.getClass().getName()
            + ", not as text: connector.class must be "
            + TextPostgresConnector.class.getName());
  }
}
