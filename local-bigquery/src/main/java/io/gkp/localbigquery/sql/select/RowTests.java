package io.gkp.localbigquery.sql.select;

import com.google.protobuf.Message;
import com.google.zetasql.ResolvedColumnProto;
import com.google.zetasql.ResolvedColumnRefProto;
import com.google.zetasql.ResolvedComputedColumnProto;
import io.gkp.localbigquery.sql.analysis.Trees;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Which rows of a scan matter to those that read it.
 *
 * @param anyOf a row matters if it passes all tests of one of these lists
 */
record RowTests(List<List<ColumnTest>> anyOf) {
  static final RowTests WHOLE = new RowTests(List.of(List.of()));

  /** What is read in more ways than this is read whole. */
  private static final int MOST = 8;

  RowTests {
    boolean isWhole = anyOf.size() > MOST || anyOf.stream().anyMatch(List::isEmpty);
    anyOf = isWhole ? List.of(List.of()) : anyOf.stream().distinct().toList();
  }

  RowTests or(RowTests others) {
    return new RowTests(Stream.concat(anyOf.stream(), others.anyOf.stream()).toList());
  }

  RowTests and(List<ColumnTest> more) {
    return each(tests -> Stream.concat(tests, more.stream()));
  }

  /** Only tests on these columns. */
  RowTests on(Set<Long> columns) {
    return each(tests -> tests.filter(test -> columns.contains(test.column())));
  }

  /** Only tests that NULL fails. */
  RowTests withoutNulls() {
    return each(tests -> tests.filter(test -> !test.isNull()));
  }

  /**
   * The tests on other columns.
   *
   * @param column in place of another; {@code null} drops the tests on it
   */
  RowTests moved(Function<Long, Long> column) {
    return each(
        tests ->
            tests
                .filter(test -> column.apply(test.column()) != null)
                .map(test -> test.on(column.apply(test.column()))));
  }

  /** Follows columns that are mere copies; what is computed cannot be tested further down. */
  RowTests renamed(List<ResolvedComputedColumnProto> computed) {
    Map<Long, Message> expressions = new HashMap<>();
    computed.forEach(
        column ->
            expressions.put(column.getColumn().getColumnId(), Trees.unwrap(column.getExpr())));
    return moved(
        column -> {
          Message expression = expressions.get(column);
          if (expression == null) {
            return column;
          }
          return expression instanceof ResolvedColumnRefProto copied
              ? copied.getColumn().getColumnId()
              : null;
        });
  }

  /** By position; none where the numbers of columns differ. */
  RowTests mapped(List<ResolvedColumnProto> from, List<ResolvedColumnProto> to) {
    Map<Long, Long> columns = new HashMap<>();
    for (int i = 0; i < from.size() && from.size() == to.size(); i++) {
      columns.put(from.get(i).getColumnId(), to.get(i).getColumnId());
    }
    return moved(columns::get);
  }

  private RowTests each(Function<Stream<ColumnTest>, Stream<ColumnTest>> change) {
    return new RowTests(
        anyOf.stream().map(tests -> change.apply(tests.stream()).toList()).toList());
  }
}
