package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.zetasql.FunctionProtos.FunctionProto;
import com.google.zetasql.FunctionProtos.TableValuedFunctionProto;
import com.google.zetasql.SimpleCatalogProtos.SimpleCatalogProto;
import com.google.zetasql.SimpleTableProtos.SimpleColumnProto;
import com.google.zetasql.SimpleTableProtos.SimpleTableProto;
import io.gkp.localbigquery.sql.analysis.PseudoColumns;
import io.gkp.localbigquery.sql.value.SqlTypes;
import java.util.List;
import java.util.Locale;

/** Builds the catalog of one statement: the tables it names, under the paths it names them by. */
public final class Catalogs {
  private final SimpleCatalogProto.Builder root = SimpleCatalogProto.newBuilder().setName("root");
  private long tables;

  /** Adds nothing where the path is taken: names differ by case only. */
  public Catalogs add(List<String> path, String name, List<TableFieldSchema> fields) {
    return add(path, table(name, fields).build());
  }

  public Catalogs add(List<String> path, SimpleTableProto table) {
    SimpleCatalogProto.Builder catalog = holder(path);
    String last = path.get(path.size() - 1);
    boolean taken =
        catalog.getTableList().stream().anyMatch(t -> t.getNameInCatalog().equalsIgnoreCase(last));
    if (!taken) {
      catalog.addTable(
          table.toBuilder().setNameInCatalog(last).setSerializationId(++tables).build());
    }
    return this;
  }

  public Catalogs add(List<String> path, FunctionProto function) {
    holder(path)
        .addCustomFunction(
            function.toBuilder().clearNamePath().addNamePath(path.get(path.size() - 1)));
    return this;
  }

  public Catalogs add(List<String> path, TableValuedFunctionProto function) {
    holder(path)
        .addCustomTvf(function.toBuilder().clearNamePath().addNamePath(path.get(path.size() - 1)));
    return this;
  }

  private SimpleCatalogProto.Builder holder(List<String> path) {
    SimpleCatalogProto.Builder catalog = root;
    for (String part : path.subList(0, path.size() - 1)) {
      catalog = catalogIn(catalog, part);
    }
    return catalog;
  }

  private static SimpleCatalogProto.Builder catalogIn(
      SimpleCatalogProto.Builder parent, String name) {
    for (SimpleCatalogProto.Builder child : parent.getCatalogBuilderList()) {
      if (child.getName().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
        return child;
      }
    }
    return parent.addCatalogBuilder().setName(name);
  }

  static SimpleTableProto.Builder table(String name, List<TableFieldSchema> fields) {
    SimpleTableProto.Builder table = SimpleTableProto.newBuilder().setName(name);
    for (TableFieldSchema field : fields) {
      table.addColumn(
          SimpleColumnProto.newBuilder()
              .setName(field.getName())
              .setType(SqlTypes.of(field))
              .setIsPseudoColumn(PseudoColumns.isOne(field.getName())));
    }
    return table;
  }

  public SimpleCatalogProto build() {
    return root.build();
  }
}
