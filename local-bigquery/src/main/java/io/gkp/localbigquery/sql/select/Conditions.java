package io.gkp.localbigquery.sql.select;

import com.google.protobuf.Message;
import com.google.zetasql.AnyResolvedExprProto;
import com.google.zetasql.ResolvedCastProto;
import com.google.zetasql.ResolvedColumnRefProto;
import com.google.zetasql.ResolvedFunctionCallBaseProto;
import com.google.zetasql.ResolvedFunctionCallProto;
import com.google.zetasql.ZetaSQLType.TypeKind;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.select.Constants.Constant;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads comparisons of a column with constants out of a WHERE clause. */
final class Conditions {
  private static final Map<String, String> MIRRORED =
      Map.of(
          "$equal", "$equal",
          "$less", "$greater",
          "$less_or_equal", "$greater_or_equal",
          "$greater", "$less",
          "$greater_or_equal", "$less_or_equal");

  private final Constants constants;

  Conditions(Constants constants) {
    this.constants = constants;
  }

  /** Tests that every row has to pass which meets the condition. */
  List<ColumnTest> of(AnyResolvedExprProto condition) {
    List<ColumnTest> tests = new ArrayList<>();
    collect(Trees.unwrap(condition), tests);
    return tests;
  }

  private void collect(Message condition, List<ColumnTest> tests) {
    if (!(condition instanceof ResolvedFunctionCallProto call)) {
      Column.of(condition)
          .filter(column -> column.kind == TypeKind.TYPE_BOOL)
          .ifPresent(column -> tests.add(column.in(List.of(Interval.point(true)))));
      return;
    }
    ResolvedFunctionCallBaseProto function = call.getParent();
    String name = function.getFunction().getName().replace("ZetaSQL:", "");
    List<Message> arguments = function.getArgumentListList().stream().map(Trees::unwrap).toList();
    switch (name) {
      case "$and":
        arguments.forEach(argument -> collect(argument, tests));
        break;
      case "$is_null":
        Column.of(arguments.get(0))
            .filter(column -> !column.asDate)
            .ifPresent(column -> tests.add(new ColumnTest(column.id, true, List.of())));
        break;
      case "$not":
        isNotNull(arguments.get(0)).ifPresent(tests::add);
        break;
      case "$in":
        Column.of(arguments.get(0))
            .flatMap(column -> in(column, arguments.subList(1, arguments.size())))
            .ifPresent(tests::add);
        break;
      case "$between":
        collect("$greater_or_equal", arguments.get(0), arguments.get(1), tests);
        collect("$less_or_equal", arguments.get(0), arguments.get(2), tests);
        break;
      default:
        if (MIRRORED.containsKey(name)) {
          collect(name, arguments.get(0), arguments.get(1), tests);
          collect(MIRRORED.get(name), arguments.get(1), arguments.get(0), tests);
        }
    }
  }

  /** The test of IS NOT NULL, where this is what is negated. */
  private static Optional<ColumnTest> isNotNull(Message negated) {
    return negated instanceof ResolvedFunctionCallProto call
            && call.getParent().getFunction().getName().equals("ZetaSQL:$is_null")
        ? Column.of(Trees.unwrap(call.getParent().getArgumentList(0)))
            .map(column -> column.in(List.of(Interval.ALL)))
        : Optional.empty();
  }

  private void collect(String operator, Message left, Message right, List<ColumnTest> tests) {
    Column.of(left)
        .flatMap(column -> constants.evaluate(right).map(c -> column.compared(operator, c)))
        .ifPresent(tests::add);
  }

  private Optional<ColumnTest> in(Column column, List<Message> values) {
    List<Interval> intervals = new ArrayList<>();
    for (Message value : values) {
      Optional<Constant> constant = constants.evaluate(value);
      if (constant.isEmpty()) {
        return Optional.empty();
      }
      intervals.addAll(column.compared("$equal", constant.get()).anyOf());
    }
    return Optional.of(column.in(intervals));
  }

  /**
   * @param asDate whether the condition sees the timestamp's date only
   */
  private record Column(long id, TypeKind kind, boolean asDate) {
    static Optional<Column> of(Message expression) {
      Message inner = expression;
      boolean asDate = false;
      if (expression instanceof ResolvedCastProto cast
          && cast.getParent().getType().getTypeKind() == TypeKind.TYPE_DATE
          && !cast.hasTimeZone()) {
        inner = Trees.unwrap(cast.getExpr());
        asDate = true;
      } else if (expression instanceof ResolvedFunctionCallProto call
          && call.getParent().getFunction().getName().equals("ZetaSQL:date")
          && call.getParent().getArgumentListCount() == 1) {
        inner = Trees.unwrap(call.getParent().getArgumentList(0));
        asDate = true;
      }
      if (!(inner instanceof ResolvedColumnRefProto reference)) {
        return Optional.empty();
      }
      TypeKind kind = reference.getColumn().getType().getTypeKind();
      boolean fits =
          asDate ? kind == TypeKind.TYPE_TIMESTAMP : ColumnTest.COMPARABLE.contains(kind);
      return fits
          ? Optional.of(new Column(reference.getColumn().getColumnId(), kind, asDate))
          : Optional.empty();
    }

    ColumnTest in(List<Interval> intervals) {
      return new ColumnTest(id, false, intervals);
    }

    ColumnTest compared(String operator, Constant constant) {
      if (constant.value() == null) {
        return in(List.of());
      }
      Interval interval =
          asDate
              ? dates(operator, (LocalDate) constant.value())
              : values(operator, constant.value());
      return in(
          List.of(
              constant.growing()
                  ? new Interval(interval.low(), interval.lowIncluded(), null, false)
                  : interval));
    }

    private static Interval values(String operator, Object value) {
      switch (operator) {
        case "$equal":
          return Interval.point(value);
        case "$less":
          return Interval.below(value);
        case "$less_or_equal":
          return Interval.atMost(value);
        case "$greater":
          return Interval.above(value);
        default:
          return Interval.atLeast(value);
      }
    }

    /** The instants whose dates compare so with this one. */
    private static Interval dates(String operator, LocalDate date) {
      Instant start = date.atStartOfDay().toInstant(ZoneOffset.UTC);
      Instant end = date.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
      switch (operator) {
        case "$equal":
          return new Interval(start, true, end, false);
        case "$less":
          return Interval.below(start);
        case "$less_or_equal":
          return Interval.below(end);
        case "$greater":
          return Interval.atLeast(end);
        default:
          return Interval.atLeast(start);
      }
    }
  }
}
