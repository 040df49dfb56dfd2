package io.gkp.localbigquery.sql.analysis;

import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.protobuf.Message;
import com.google.zetasql.ResolvedOutputColumnProto;
import com.google.zetasql.ResolvedQueryStmtProto;
import com.google.zetasql.ZetaSQLType.StructFieldProto;
import com.google.zetasql.ZetaSQLType.StructTypeProto;
import com.google.zetasql.ZetaSQLType.TypeKind;
import com.google.zetasql.ZetaSQLType.TypeProto;
import io.gkp.localbigquery.sql.value.SqlTypes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The columns that a query returns. */
public final class OutputColumns {
  private OutputColumns() {}

  /**
   * Columns without a name are called {@code f0_}, {@code f1_} ... as in the real service, and
   * those whose name is taken {@code name_1}, {@code name_2} ...
   */
  public static List<TableFieldSchema> of(Message statement) {
    if (isStructTable(statement)) {
      return SqlTypes.fields(SqlTypes.field("", types(statement).get(0)));
    }
    List<TableFieldSchema> fields = new ArrayList<>();
    Set<String> names = new HashSet<>();
    int anonymous = 0;
    for (ResolvedOutputColumnProto column : columns(statement)) {
      String name = column.getName();
      if (name.isEmpty() || name.startsWith("$")) {
        name = "f" + anonymous++ + "_";
      }
      String given = name;
      for (int again = 1; !names.add(name.toLowerCase(Locale.ROOT)); again++) {
        name = given + "_" + again;
      }
      fields.add(SqlTypes.field(name, column.getColumn().getType()));
    }
    return fields;
  }

  /** A STRUCT of the columns, under the names that the result has. */
  public static TypeProto row(Message statement) {
    if (isStructTable(statement)) {
      return types(statement).get(0);
    }
    StructTypeProto.Builder row = StructTypeProto.newBuilder();
    List<TableFieldSchema> fields = of(statement);
    List<TypeProto> types = types(statement);
    for (int i = 0; i < types.size(); i++) {
      row.addField(
          StructFieldProto.newBuilder()
              .setFieldName(fields.get(i).getName())
              .setFieldType(types.get(i)));
    }
    return TypeProto.newBuilder().setTypeKind(TypeKind.TYPE_STRUCT).setStructType(row).build();
  }

  /** Whether the query is a SELECT AS STRUCT (or alike), whose fields are the result's columns. */
  static boolean isStructTable(Message statement) {
    return statement instanceof ResolvedQueryStmtProto query
        && query.getIsValueTable()
        && types(statement).get(0).hasStructType();
  }

  public static List<TypeProto> types(Message statement) {
    return columns(statement).stream().map(column -> column.getColumn().getType()).toList();
  }

  private static List<ResolvedOutputColumnProto> columns(Message statement) {
    List<ResolvedOutputColumnProto> columns = new ArrayList<>();
    for (Message child : Trees.children(statement)) {
      if (child instanceof ResolvedOutputColumnProto column) {
        columns.add(column);
      }
    }
    return columns;
  }
}
