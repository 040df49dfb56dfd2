package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.Clustering;
import com.google.api.services.bigquery.model.RangePartitioning;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TimePartitioning;
import com.google.protobuf.Message;
import com.google.zetasql.AnyResolvedExprProto;
import com.google.zetasql.ResolvedColumnRefProto;
import com.google.zetasql.ResolvedFunctionCallBaseProto;
import com.google.zetasql.ResolvedFunctionCallProto;
import com.google.zetasql.ResolvedLiteralProto;
import com.google.zetasql.ZetaSQLType.TypeKind;
import com.google.zetasql.ZetaSQLValue.ValueProto;
import com.google.zetasql.functions.ZetaSQLDateTime.DateTimestampPart;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.PseudoColumns;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.value.SqlTypes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * PARTITION BY and CLUSTER BY.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/reference/standard-sql/data-definition-language#partition_expression">partition_expression</a>
 */
public final class Partitioning {
  private static final int MAX_CLUSTERING_COLUMNS = 4;
  private static final Set<TypeKind> CLUSTERING_TYPES =
      EnumSet.of(
          TypeKind.TYPE_BIGNUMERIC,
          TypeKind.TYPE_BOOL,
          TypeKind.TYPE_DATE,
          TypeKind.TYPE_DATETIME,
          TypeKind.TYPE_GEOGRAPHY,
          TypeKind.TYPE_INT64,
          TypeKind.TYPE_NUMERIC,
          TypeKind.TYPE_RANGE,
          TypeKind.TYPE_STRING,
          TypeKind.TYPE_TIMESTAMP);

  private Partitioning() {}

  /** The partition column; {@code null} where there is none. */
  public static String column(Table table) {
    if (table.getTimePartitioning() != null) {
      return table.getTimePartitioning().getField();
    }
    return table.getRangePartitioning() == null ? null : table.getRangePartitioning().getField();
  }

  /** Throws {@code invalidQuery} for what is not one of the documented partition expressions. */
  public static void partition(List<AnyResolvedExprProto> expressions, Table table) {
    if (expressions.isEmpty()) {
      return;
    }
    if (expressions.size() > 1) {
      throw ApiException.invalidQuery("Only a single PARTITION BY expression is supported");
    }
    Message expression = Trees.unwrap(expressions.get(0));
    if (expression instanceof ResolvedColumnRefProto column && kind(column) == TypeKind.TYPE_DATE) {
      byTime(table, "DAY", column);
      return;
    }
    if (expression instanceof ResolvedFunctionCallProto call) {
      ResolvedFunctionCallBaseProto function = call.getParent();
      List<Message> arguments = function.getArgumentListList().stream().map(Trees::unwrap).toList();
      if (arguments.get(0) instanceof ResolvedColumnRefProto column) {
        switch (function.getFunction().getName()) {
          case "ZetaSQL:date":
            byTime(table, "DAY", column);
            return;
          case "ZetaSQL:date_trunc":
          case "ZetaSQL:datetime_trunc":
          case "ZetaSQL:timestamp_trunc":
            byTime(table, granularity(arguments.get(1)), column);
            return;
          case "ZetaSQL:range_bucket":
            byRange(table, arguments.get(1), column);
            return;
          default:
        }
      }
    }
    throw unsupported();
  }

  private static void byTime(Table table, String granularity, ResolvedColumnRefProto column) {
    String name = column.getColumn().getName();
    table.setTimePartitioning(
        new TimePartitioning()
            .setType(granularity)
            .setField(PseudoColumns.isOfPartition(name) ? null : name));
  }

  private static String granularity(Message argument) {
    int number = ((ResolvedLiteralProto) argument).getValue().getValue().getEnumValue();
    DateTimestampPart part = DateTimestampPart.forNumber(number);
    if (part == DateTimestampPart.HOUR
        || part == DateTimestampPart.DAY
        || part == DateTimestampPart.MONTH
        || part == DateTimestampPart.YEAR) {
      return part.name();
    }
    throw unsupported();
  }

  private static void byRange(Table table, Message bounds, ResolvedColumnRefProto column) {
    List<ValueProto> values = new ArrayList<>();
    for (ResolvedLiteralProto literal : Trees.all(bounds, ResolvedLiteralProto.class)) {
      values.add(literal.getValue().getValue());
    }
    if (kind(column) != TypeKind.TYPE_INT64 || values.size() < 2 || values.size() > 3) {
      throw unsupported();
    }
    long interval = values.size() == 3 ? values.get(2).getInt64Value() : 1;
    table.setRangePartitioning(
        new RangePartitioning()
            .setField(column.getColumn().getName())
            .setRange(
                new RangePartitioning.Range()
                    .setStart(values.get(0).getInt64Value())
                    .setEnd(values.get(1).getInt64Value())
                    .setInterval(interval)));
  }

  private static ApiException unsupported() {
    return ApiException.invalidQuery(
        "PARTITION BY expression must be DATE(<timestamp_column>), DATE(<datetime_column>),"
            + " DATETIME_TRUNC(<datetime_column>, DAY/HOUR/MONTH/YEAR), a DATE column,"
            + " TIMESTAMP_TRUNC(<timestamp_column>, DAY/HOUR/MONTH/YEAR), DATE_TRUNC(<date_column>,"
            + " MONTH/YEAR), or RANGE_BUCKET(<int64_column>, GENERATE_ARRAY(<int64_value>,"
            + " <int64_value>[, <int64_value>]))");
  }

  /** Throws {@code invalidQuery} for too many columns or a type that cannot be sorted by. */
  public static void cluster(List<AnyResolvedExprProto> expressions, Table table) {
    if (expressions.isEmpty()) {
      return;
    }
    if (expressions.size() > MAX_CLUSTERING_COLUMNS) {
      throw ApiException.invalidQuery(
          "Too many fields were specified for clustering: at most "
              + MAX_CLUSTERING_COLUMNS
              + " are allowed");
    }
    List<String> fields = new ArrayList<>();
    for (AnyResolvedExprProto expression : expressions) {
      if (!(Trees.unwrap(expression) instanceof ResolvedColumnRefProto column)) {
        throw ApiException.invalidQuery("CLUSTER BY expression must be a column");
      }
      String name = column.getColumn().getName();
      if (!CLUSTERING_TYPES.contains(kind(column))) {
        throw ApiException.invalidQuery(
            "CLUSTER BY expression: field "
                + name
                + " has type "
                + SqlTypes.sql(column.getColumn().getType())
                + ", which cannot be clustered by");
      }
      fields.add(name);
    }
    table.setClustering(new Clustering().setFields(fields));
  }

  private static TypeKind kind(ResolvedColumnRefProto column) {
    return column.getColumn().getType().getTypeKind();
  }
}
