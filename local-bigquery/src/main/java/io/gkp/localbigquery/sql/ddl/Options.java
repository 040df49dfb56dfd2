package io.gkp.localbigquery.sql.ddl;

import com.google.zetasql.LocalService.TableData;
import com.google.zetasql.ParseLocationRangeProto;
import com.google.zetasql.ResolvedLiteralProto;
import com.google.zetasql.ResolvedOptionProto;
import com.google.zetasql.SimpleCatalogProtos.SimpleCatalogProto;
import com.google.zetasql.ZetaSQLType.TypeProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.OutputColumns;
import io.gkp.localbigquery.sql.analysis.Parameters;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.analysis.ZetaSql;
import io.gkp.localbigquery.sql.statement.Catalogs;
import io.gkp.localbigquery.sql.value.ValueDecoder;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** The values of an OPTIONS list; constant expressions are evaluated. */
final class Options {
  private final Map<String, Object> values;

  private Options(Map<String, Object> values) {
    this.values = values;
  }

  /**
   * @param sql the statement in which the options were found
   * @throws ApiException {@code invalidQuery} for an option that is not among {@code known}
   */
  static Options of(ZetaSql zetaSql, String sql, List<ResolvedOptionProto> list, String... known) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (ResolvedOptionProto option : list) {
      String name = option.getName().toLowerCase(Locale.ROOT);
      if (!List.of(known).contains(name)) {
        throw ApiException.invalidQuery("Unknown option: " + option.getName());
      }
      values.put(name, value(zetaSql, sql, option));
    }
    return new Options(values);
  }

  private static Object value(ZetaSql zetaSql, String sql, ResolvedOptionProto option) {
    if (Trees.unwrap(option.getValue()) instanceof ResolvedLiteralProto literal) {
      return ValueDecoder.decode(literal.getValue().getType(), literal.getValue().getValue());
    }
    ParseLocationRangeProto range = option.getParent().getParent().getParseLocationRange();
    String text = ZetaSql.slice(sql, range.getStart(), range.getEnd());
    String query = "SELECT (" + text.substring(text.indexOf('=') + 1) + "\n)";
    SimpleCatalogProto empty = new Catalogs().build();
    TypeProto type = OutputColumns.types(zetaSql.analyze(query, empty, Parameters.NONE)).get(0);
    TableData data = zetaSql.query(query, empty, Parameters.NONE);
    return ValueDecoder.decode(type, data.getRow(0).getCell(0));
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** Sets what the list gives; leaves what it does not name. So do the others. */
  void text(String name, Consumer<String> set) {
    given(name, String.class, set);
  }

  void bool(String name, Consumer<Boolean> set) {
    given(name, Boolean.class, set);
  }

  void millis(String name, Consumer<Long> set) {
    given(
        name,
        Instant.class,
        instant -> set.accept(instant == null ? null : instant.toEpochMilli()));
  }

  void daysAsMillis(String name, Consumer<Long> set) {
    asMillis(name, 86_400_000, set);
  }

  void minutesAsMillis(String name, Consumer<Long> set) {
    asMillis(name, 60_000, set);
  }

  private void asMillis(String name, long unit, Consumer<Long> set) {
    given(
        name,
        Object.class,
        number ->
            set.accept(
                number == null ? null : (long) (Double.parseDouble(number.toString()) * unit)));
  }

  void number(String name, Consumer<Long> set) {
    given(name, Long.class, set);
  }

  void labels(String name, Consumer<Map<String, String>> set) {
    given(name, List.class, pairs -> set.accept(labels(pairs)));
  }

  private static Map<String, String> labels(List<?> pairs) {
    Map<String, String> labels = new LinkedHashMap<>();
    if (pairs != null) {
      for (Object pair : pairs) {
        Object[] keyAndValue = (Object[]) pair;
        labels.put((String) keyAndValue[0], (String) keyAndValue[1]);
      }
    }
    return labels;
  }

  private <T> void given(String name, Class<T> type, Consumer<T> set) {
    if (!has(name)) {
      return;
    }
    Object value = values.get(name);
    if (value != null && !type.isInstance(value)) {
      throw ApiException.invalidQuery("Option value has unexpected type for option: " + name);
    }
    set.accept(type.cast(value));
  }
}
