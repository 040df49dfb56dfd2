package io.gkp.sql.analysis;

import com.google.zetasql.Analyzer;
import com.google.zetasql.AnalyzerOptions;
import com.google.zetasql.LanguageOptions;
import com.google.zetasql.SimpleCatalog;
import com.google.zetasql.SimpleTable;
import com.google.zetasql.SqlException;
import com.google.zetasql.Type;
import com.google.zetasql.ZetaSQLBuiltinFunctionOptions;
import com.google.zetasql.ZetaSQLOptions.ProductMode;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedQueryStmt;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedStatement;
import io.gkp.sql.model.Column;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Parses and type-checks queries with Google's own GoogleSQL analyzer, in this process.
 *
 * @see <a href="https://github.com/google/zetasql">ZetaSQL</a>
 */
public final class GoogleSqlAnalyzer {
  /** Says that it found no way to resolve host names, which nothing here asks for. */
  private static final Logger RESOLVERS =
      Logger.getLogger("com.google.zetasql.io.grpc.NameResolverRegistry");

  static {
    RESOLVERS.setLevel(Level.SEVERE);
  }

  private final AnalyzerOptions options = new AnalyzerOptions();
  private final SimpleCatalog catalog = new SimpleCatalog("warehouse");
  private final Map<String, Type> types = new HashMap<>();

  public GoogleSqlAnalyzer() {
    LanguageOptions language = new LanguageOptions();
    language.enableMaximumLanguageFeatures();
    language.setProductMode(ProductMode.PRODUCT_EXTERNAL);
    language.setSupportsAllStatementKinds();
    language.enableReservableKeyword("QUALIFY");
    options.setLanguageOptions(language);
    options.setDefaultTimezone("UTC");
    catalog.addZetaSQLFunctionsAndTypes(new ZetaSQLBuiltinFunctionOptions(language));
  }

  /**
   * Makes a table or view known.
   *
   * @param path as queries name it, e.g. {@code `project.dataset.name`}
   */
  public void add(String path, List<Column> columns) {
    SimpleTable table = new SimpleTable(path.replace("`", ""));
    for (Column column : columns) {
      table.addSimpleColumn(column.name(), type(column.type()));
    }
    catalog.addSimpleTable(table);
  }

  /**
   * The columns that a query returns, without descriptions.
   *
   * @throws InvalidQueryException where it does not parse or type-check
   */
  public List<Column> columnsOf(String query) {
    return analyze(query).getOutputColumnList().stream()
        .map(c -> new Column(c.getName(), TypeNames.of(c.getColumn().getType()), ""))
        .toList();
  }

  private Type type(String name) {
    return types.computeIfAbsent(
        name,
        n ->
            analyze("SELECT CAST(NULL AS " + n + ")")
                .getOutputColumnList()
                .get(0)
                .getColumn()
                .getType());
  }

  private ResolvedQueryStmt analyze(String query) {
    try {
      ResolvedStatement statement = Analyzer.analyzeStatement(query, options, catalog);
      return (ResolvedQueryStmt) statement;
    } catch (SqlException e) {
      throw new InvalidQueryException(e.getMessage(), e);
    }
  }
}
