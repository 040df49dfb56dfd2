package io.gkp.localbigquery.sql.statement;

import com.google.zetasql.FunctionProtos.FunctionProto;
import com.google.zetasql.FunctionProtos.TableValuedFunctionProto;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Functions that users defined and a statement may call, under the paths it may call them by.
 *
 * @param tables that their bodies read, by their keys, which is what the bodies call them
 */
public record CalledFunctions(
    Map<List<String>, FunctionProto> scalar,
    Map<List<String>, TableValuedFunctionProto> tableValued,
    Map<String, Relation> tables) {
  static final CalledFunctions NONE = new CalledFunctions(Map.of(), Map.of(), Map.of());

  static CalledFunctions none() {
    return new CalledFunctions(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
  }

  public boolean isEmpty() {
    return scalar.isEmpty() && tableValued.isEmpty();
  }

  void addAll(CalledFunctions others) {
    scalar.putAll(others.scalar);
    tableValued.putAll(others.tableValued);
    tables.putAll(others.tables);
  }

  public void declare(Catalogs catalog) {
    scalar.forEach(catalog::add);
    tableValued.forEach(catalog::add);
  }
}
