package io.gkp.localbigquery.translate;

import com.google.zetasql.ZetaSQLType.ArrayTypeProto;
import com.google.zetasql.ZetaSQLType.StructFieldProto;
import com.google.zetasql.ZetaSQLType.StructTypeProto;
import com.google.zetasql.ZetaSQLType.TypeKind;
import com.google.zetasql.ZetaSQLType.TypeProto;
import com.google.zetasql.ZetaSQLValue.ValueProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.PassedErrors;
import io.gkp.localbigquery.sql.analysis.ZetaSql;
import io.gkp.localbigquery.sql.value.ValueDecoder;
import io.gkp.localbigquery.sql.value.ValueEncoder;
import io.gkp.localbigquery.storage.Column;
import java.util.List;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBReadableVector;
import org.duckdb.DuckDBWritableVector;

/**
 * One expression that ZetaSQL evaluates for DuckDB.
 *
 * @param sql over columns a0, a1 ...
 */
record ZetaEvaluation(
    String sql, List<TypeProto> types, TypeProto result, List<Column> columns, Column resultColumn)
    implements Evaluation {
  private static final String ROWS = "batch";

  /** Of ZetaSQL's limit of a request; the rest has room beside it. */
  private static final int MOST_BYTES = ZetaSql.MAX_REQUEST_BYTES * 3 / 4;

  static ZetaEvaluation of(String sql, List<TypeProto> types, TypeProto result) {
    return new ZetaEvaluation(
        sql, types, result, types.stream().map(Types::column).toList(), Types.column(result));
  }

  /** The rows as a parameter. */
  private TypeProto batchType() {
    StructTypeProto.Builder row = StructTypeProto.newBuilder();
    for (int i = 0; i < types.size(); i++) {
      row.addField(StructFieldProto.newBuilder().setFieldName("a" + i).setFieldType(types.get(i)));
    }
    row.addField(
        StructFieldProto.newBuilder()
            .setFieldName("row_")
            .setFieldType(TypeProto.newBuilder().setTypeKind(TypeKind.TYPE_INT64)));
    TypeProto element =
        TypeProto.newBuilder().setTypeKind(TypeKind.TYPE_STRUCT).setStructType(row).build();
    return TypeProto.newBuilder()
        .setTypeKind(TypeKind.TYPE_ARRAY)
        .setArrayType(ArrayTypeProto.newBuilder().setElementType(element))
        .build();
  }

  @Override
  public void evaluate(DuckDBDataChunkReader in, DuckDBWritableVector out) {
    int rows = (int) in.rowCount();
    DuckDBReadableVector[] vectors = new DuckDBReadableVector[types.size()];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = in.vector(i + 1);
    }
    ValueProto.Array.Builder batch = ValueProto.Array.newBuilder();
    int first = 0;
    long bytes = 0;
    for (int row = 0; row < rows; row++) {
      ValueProto value = row(vectors, row);
      int size = value.getSerializedSize() + 10;
      if (bytes + size > MOST_BYTES && batch.getElementCount() > 0) {
        evaluate(batch, out, first);
        batch = ValueProto.Array.newBuilder();
        first = row;
        bytes = 0;
      }
      batch.addElement(value);
      bytes += size;
    }
    evaluate(batch, out, first);
  }

  private void evaluate(ValueProto.Array.Builder batch, DuckDBWritableVector out, int first) {
    String query = "SELECT " + sql + " FROM UNNEST(@" + ROWS + ") ORDER BY row_";
    List<ValueProto> values = values(query, batch);
    for (int i = 0; i < values.size(); i++) {
      Vectors.write(resultColumn, ValueDecoder.decode(result, values.get(i)), out, first + i);
    }
  }

  private List<ValueProto> values(String query, ValueProto.Array.Builder batch) {
    try {
      return ZetaSql.instance()
          .prepared(query, ROWS, batchType())
          .evaluate(ValueProto.newBuilder().setArrayValue(batch).build());
    } catch (ApiException e) {
      throw new IllegalArgumentException(PassedErrors.write(e));
    }
  }

  private ValueProto row(DuckDBReadableVector[] vectors, int row) {
    ValueProto.Struct.Builder struct = ValueProto.Struct.newBuilder();
    for (int i = 0; i < vectors.length; i++) {
      Object value = Vectors.read(columns.get(i), vectors[i], row);
      struct.addField(ValueEncoder.encode(types.get(i), value));
    }
    struct.addField(ValueProto.newBuilder().setInt64Value(row));
    return ValueProto.newBuilder().setStructValue(struct).build();
  }
}
