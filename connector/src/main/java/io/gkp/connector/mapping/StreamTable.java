package io.gkp.connector.mapping;

import io.gkp.connector.debezium.Alias;
import io.gkp.connector.debezium.DebeziumTextConverter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/**
 * A table as the replication stream describes it at an event, which may be an older or a newer
 * shape than the catalogue's of this moment. Make one per schema object of the records: Debezium
 * makes a new schema whenever the stream announces a change of the table.
 */
public final class StreamTable {
  private final SourceTable table;
  private final Field[] fields;

  private StreamTable(SourceTable table, Field[] fields) {
    this.table = table;
    this.fields = fields;
  }

  /**
   * Reads the columns of a record's row schema, which {@link DebeziumTextConverter} made.
   *
   * @param row the schema of the {@code before} or {@code after} field
   * @param catalogue the table as the catalogue has it; says which columns are the key
   * @param admission decides on columns that the catalogue does not have any more
   * @param connection for types that {@code types} does not know yet
   */
  public static StreamTable of(
      Schema row,
      SourceTable catalogue,
      ColumnAdmission admission,
      PostgresTypes types,
      Connection connection)
      throws SQLException {
    Map<String, SourceColumn> known = new HashMap<>();
    catalogue.columns().forEach(column -> known.put(column.name(), column));
    boolean mayBeRenamed = mayBeRenamed(row, catalogue);
    List<SourceColumn> columns = new ArrayList<>();
    for (Field field : row.fields()) {
      String name = Alias.nameOf(field.name());
      SourceColumn now = known.get(name);
      Map<String, String> parameters = field.schema().parameters();
      long oid = Long.parseLong(parameters.get(DebeziumTextConverter.OID));
      PostgresType type = types.type(connection, oid);
      columns.add(
          new SourceColumn(
              name,
              type,
              typmod(type, parameters),
              now != null && now.notNull(),
              now == null ? 0 : now.keyPosition(),
              now != null && now.generated(),
              now != null
                  ? now.protection()
                  : mayBeRenamed ? ColumnProtection.EXCLUDED : admission.ofFormer(catalogue, name),
              now == null ? null : now.definition()));
    }
    return new StreamTable(
        new SourceTable(
            catalogue.schema(),
            catalogue.name(),
            columns,
            catalogue.wholeOldRows(),
            catalogue.deferrableKey()),
        row.fields().toArray(Field[]::new));
  }

  /**
   * Whether a column that the catalogue does not have any more may be what a protected column was
   * called before: the row has none of its present name.
   */
  private static boolean mayBeRenamed(Schema row, SourceTable catalogue) {
    return catalogue.columns().stream()
        .filter(column -> !column.protection().isNone())
        .filter(column -> !column.protection().isExcludedAsNew())
        .anyMatch(column -> row.field(Alias.of(column.name())) == null);
  }

  /**
   * The stream brings modifiers decoded. Only a numeric's says anything about the field; a domain
   * keeps its own.
   */
  private static int typmod(PostgresType type, Map<String, String> parameters) {
    PostgresType element = type.kind() == PostgresType.Kind.ARRAY ? type.inner() : type;
    if (!element.isBuiltIn() || !element.name().equals("numeric")) {
      return PostgresType.NO_TYPMOD;
    }
    int precision = Integer.parseInt(parameters.get(DebeziumTextConverter.LENGTH));
    int scale = Integer.parseInt(parameters.get(DebeziumTextConverter.SCALE));
    return NumericTypmod.of(precision, scale).encode();
  }

  public SourceTable table() {
    return table;
  }

  /**
   * The row's values, aligned with the table's columns, as {@link ChangeRowWriter} takes them;
   * those of excluded columns are left behind.
   */
  public String[] values(Struct row) {
    String[] values = new String[fields.length];
    for (int i = 0; i < fields.length; i++) {
      if (!table.columns().get(i).protection().isExcluded()) {
        values[i] = (String) row.get(fields[i]);
      }
    }
    return values;
  }
}
