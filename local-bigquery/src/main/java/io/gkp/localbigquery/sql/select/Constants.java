package io.gkp.localbigquery.sql.select;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.zetasql.LocalService.TableData;
import com.google.zetasql.ParseLocationRangeProto;
import com.google.zetasql.ResolvedCastProto;
import com.google.zetasql.ResolvedColumnRefProto;
import com.google.zetasql.ResolvedExprProto;
import com.google.zetasql.ResolvedFunctionCallBaseProto;
import com.google.zetasql.ResolvedLiteralProto;
import com.google.zetasql.ResolvedNodeProto;
import com.google.zetasql.ResolvedProjectScanProto;
import com.google.zetasql.ResolvedSubqueryExprProto;
import com.google.zetasql.SimpleCatalogProtos.SimpleCatalogProto;
import com.google.zetasql.ZetaSQLType.TypeKind;
import com.google.zetasql.ZetaSQLType.TypeProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.FoldedDates;
import io.gkp.localbigquery.sql.analysis.OutputColumns;
import io.gkp.localbigquery.sql.analysis.Parameters;
import io.gkp.localbigquery.sql.analysis.SqlText;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.analysis.ZetaSql;
import io.gkp.localbigquery.sql.statement.Catalogs;
import io.gkp.localbigquery.sql.value.ValueDecoder;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Evaluates expressions of a statement that depend on no row. */
final class Constants {
  private static final SimpleCatalogProto NO_TABLES = new Catalogs().build();
  private static final Set<String> CLOCK =
      Set.of("ZetaSQL:current_timestamp", "ZetaSQL:current_date", "ZetaSQL:current_datetime");

  /** With these and literals only, an expression never decreases while the clock runs. */
  private static final Set<String> MONOTONE =
      Set.of(
          "ZetaSQL:timestamp_sub",
          "ZetaSQL:timestamp_add",
          "ZetaSQL:timestamp_trunc",
          "ZetaSQL:timestamp",
          "ZetaSQL:date_sub_date",
          "ZetaSQL:date_add_date",
          "ZetaSQL:date_trunc_date",
          "ZetaSQL:date");

  private static final Set<String> VOLATILE =
      Set.of("ZetaSQL:rand", "ZetaSQL:generate_uuid", "ZetaSQL:current_time");

  private final ZetaSql zetaSql;
  private final String sql;
  private final Parameters parameters;

  Constants(ZetaSql zetaSql, String sql, Parameters parameters) {
    this.zetaSql = zetaSql;
    this.sql = sql;
    this.parameters = parameters;
  }

  /**
   * @param growing whether the value may be greater by the time the statement is evaluated
   */
  record Constant(Object value, boolean growing) {}

  /** Nothing where the expression is none, cannot be evaluated, or its value is not certain. */
  Optional<Constant> evaluate(Message expression) {
    if (expression instanceof ResolvedLiteralProto literal) {
      TypeProto type = literal.getValue().getType();
      return Optional.of(
          new Constant(ValueDecoder.decode(type, literal.getValue().getValue()), false));
    }
    if (expression instanceof ResolvedCastProto cast && isDatetime(cast)) {
      return evaluate(Trees.unwrap(cast.getExpr()))
          .filter(constant -> constant.value() instanceof LocalDate)
          .map(day -> new Constant(((LocalDate) day.value()).atStartOfDay(), day.growing()));
    }
    if (Trees.all(expression, ResolvedCastProto.class).stream().anyMatch(Constants::isDatetime)) {
      return Optional.empty(); // ZetaSQL's own engine takes every DATE for 1970-01-01
    }
    if (!Trees.all(expression, ResolvedColumnRefProto.class).isEmpty()
        || !Trees.all(expression, ResolvedSubqueryExprProto.class).isEmpty()) {
      return Optional.empty();
    }
    boolean growing = false;
    boolean monotone = true;
    for (var call : Trees.all(expression, ResolvedFunctionCallBaseProto.class)) {
      String function = call.getFunction().getName();
      if (VOLATILE.contains(function)) {
        return Optional.empty();
      }
      growing |= CLOCK.contains(function);
      monotone &= CLOCK.contains(function) || MONOTONE.contains(function);
    }
    if (growing && !monotone) {
      return Optional.empty();
    }
    boolean mayGrow = growing;
    return value(expression).map(value -> new Constant(value, mayGrow));
  }

  private static boolean isDatetime(ResolvedCastProto cast) {
    return cast.getParent().getType().getTypeKind() == TypeKind.TYPE_DATETIME;
  }

  private Optional<Object> value(Message expression) {
    ParseLocationRangeProto range = range(expression);
    return range == null
        ? Optional.empty()
        : value(sql, range, expression)
            .or(() -> value(FoldedDates.asCalls(sql), range, expression));
  }

  /** Nothing where the analyzer understands the text alone otherwise than in its statement. */
  private Optional<Object> value(String text, ParseLocationRangeProto range, Message expression) {
    try {
      String query =
          "SELECT (" + new SqlText(text).between(range.getStart(), range.getEnd()) + "\n)";
      Message statement = Trees.unwrap(zetaSql.analyzeExpanded(query, NO_TABLES, parameters));
      List<ResolvedProjectScanProto> projects =
          Trees.all(statement, ResolvedProjectScanProto.class);
      Message again = Trees.unwrap(projects.get(0).getExprList(0).getExpr());
      if (!withoutPositions(again).equals(withoutPositions(expression))) {
        return Optional.empty();
      }
      TableData data = zetaSql.query(query, NO_TABLES, parameters);
      return Optional.ofNullable(
          ValueDecoder.decode(OutputColumns.types(statement).get(0), data.getRow(0).getCell(0)));
    } catch (IndexOutOfBoundsException e) {
      // What stands in a function has no position in the statement.
      return Optional.empty();
    } catch (ApiException e) {
      // Whatever is wrong with it, the statement itself will say so when it is evaluated.
      return Optional.empty();
    }
  }

  private static ParseLocationRangeProto range(Message expression) {
    Message node = expression;
    while (node != null && !(node instanceof ResolvedNodeProto)) {
      node = node instanceof ResolvedExprProto e ? e.getParent() : Trees.child(node, "parent");
    }
    return node instanceof ResolvedNodeProto found && found.hasParseLocationRange()
        ? found.getParseLocationRange()
        : null;
  }

  private static Message withoutPositions(Message node) {
    Message.Builder builder = node.toBuilder();
    for (FieldDescriptor field : node.getAllFields().keySet()) {
      if (field.getName().equals("parse_location_range")) {
        builder.clearField(field);
      } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        if (field.isRepeated()) {
          for (int i = 0; i < node.getRepeatedFieldCount(field); i++) {
            builder.setRepeatedField(
                field, i, withoutPositions((Message) node.getRepeatedField(field, i)));
          }
        } else {
          builder.setField(field, withoutPositions((Message) node.getField(field)));
        }
      }
    }
    return builder.build();
  }
}
