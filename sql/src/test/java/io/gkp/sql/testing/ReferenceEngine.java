package io.gkp.sql.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.zetasql.AnalyzerOptions;
import com.google.zetasql.LanguageOptions;
import com.google.zetasql.PreparedQuery;
import com.google.zetasql.SimpleCatalog;
import com.google.zetasql.ZetaSQLBuiltinFunctionOptions;
import com.google.zetasql.ZetaSQLOptions.ProductMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Executes queries that read no table on Google's reference engine, one row of JSON per row. */
public final class ReferenceEngine {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final LanguageOptions LANGUAGE = new LanguageOptions();
  private static final SimpleCatalog CATALOG = new SimpleCatalog("none");

  static {
    LANGUAGE.enableMaximumLanguageFeatures();
    LANGUAGE.setProductMode(ProductMode.PRODUCT_EXTERNAL);
    LANGUAGE.setSupportsAllStatementKinds();
    LANGUAGE.enableReservableKeyword("QUALIFY");
    CATALOG.addZetaSQLFunctionsAndTypes(new ZetaSQLBuiltinFunctionOptions(LANGUAGE));
  }

  private ReferenceEngine() {}

  /** The rows of the query in no particular order. */
  public static List<JsonNode> rows(String query) {
    AnalyzerOptions options = new AnalyzerOptions();
    options.setLanguageOptions(LANGUAGE);
    List<JsonNode> rows = new ArrayList<>();
    try (PreparedQuery prepared =
        PreparedQuery.builder()
            .setSql("SELECT TO_JSON_STRING(result) FROM (\n" + query + "\n) AS result")
            .setAnalyzerOptions(options)
            .setCatalog(CATALOG)
            .prepare()) {
      prepared
          .execute(Map.of())
          .getTableData()
          .forEach(row -> rows.add(parse(row.get(0).getStringValue())));
    }
    return rows;
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
