package io.gkp.localbigquery.sql.analysis;

import com.google.zetasql.LanguageOptions;
import com.google.zetasql.ZetaSQLOptions.LanguageFeature;
import com.google.zetasql.ZetaSQLOptions.NameResolutionMode;
import com.google.zetasql.ZetaSQLOptions.ProductMode;
import java.util.EnumSet;
import java.util.Set;

/**
 * The part of GoogleSQL that BigQuery has: all of it, as far as it is released, but what is listed
 * here.
 */
public final class Dialect {
  private static final Set<LanguageFeature> NOT_IN_BIGQUERY =
      EnumSet.of(
          LanguageFeature.FEATURE_TIMESTAMP_NANOS,
          LanguageFeature.FEATURE_TIMESTAMP_PICOS,
          LanguageFeature.FEATURE_DISALLOW_GROUP_BY_FLOAT,
          LanguageFeature.FEATURE_DISALLOW_NULL_PRIMARY_KEYS,
          LanguageFeature.FEATURE_DISALLOW_PRIMARY_KEY_UPDATES,
          LanguageFeature.FEATURE_UUID_TYPE,
          LanguageFeature.FEATURE_MAP_TYPE,
          LanguageFeature.FEATURE_ARRAY_ZIP,
          LanguageFeature.FEATURE_ARRAY_ORDERING,
          LanguageFeature.FEATURE_ENABLE_MEASURES,
          LanguageFeature.FEATURE_SQL_GRAPH,
          LanguageFeature.FEATURE_DML_RETURNING,
          LanguageFeature.FEATURE_INSERT_ON_CONFLICT_CLAUSE,
          LanguageFeature.FEATURE_FOR_UPDATE,
          LanguageFeature.FEATURE_MULTILEVEL_AGGREGATION,
          LanguageFeature.FEATURE_JSON_TYPE_COMPARISON,
          LanguageFeature.FEATURE_LIMIT_OFFSET_EXPRESSIONS);

  /** Not in ZetaSQL's maximum. */
  private static final Set<LanguageFeature> IN_BIGQUERY =
      EnumSet.of(
          LanguageFeature.FEATURE_CREATE_VIEWS_WITH_COLUMN_OPTIONS,
          LanguageFeature.FEATURE_ALTER_VIEWS_ALTER_COLUMN_SET_OPTIONS,
          LanguageFeature.FEATURE_ALTER_COLUMN_SET_DATA_TYPE,
          LanguageFeature.FEATURE_COLLATION_SUPPORT,
          LanguageFeature.FEATURE_CREATE_TABLE_CLONE,
          LanguageFeature.FEATURE_CREATE_TABLE_COPY,
          LanguageFeature.FEATURE_CREATE_SNAPSHOT_TABLE,
          LanguageFeature.FEATURE_ALTER_TABLE_RENAME_COLUMN,
          LanguageFeature.FEATURE_LIKE_ANY_SOME_ALL_ARRAY,
          LanguageFeature.FEATURE_LIKE_ANY_SOME_ALL_SUBQUERY,
          LanguageFeature.FEATURE_DISABLE_FLOAT32);

  private Dialect() {}

  public static LanguageOptions bigQuery() {
    LanguageOptions maximum = new LanguageOptions();
    maximum.enableMaximumLanguageFeatures();
    LanguageOptions options = new LanguageOptions();
    Set<LanguageFeature> features = EnumSet.copyOf(IN_BIGQUERY);
    for (LanguageFeature feature : LanguageFeature.values()) {
      if (maximum.languageFeatureEnabled(feature) && !NOT_IN_BIGQUERY.contains(feature)) {
        features.add(feature);
      }
    }
    options.setEnabledLanguageFeatures(features);
    options.setProductMode(ProductMode.PRODUCT_EXTERNAL);
    options.setNameResolutionMode(NameResolutionMode.NAME_RESOLUTION_DEFAULT);
    options.setSupportsAllStatementKinds();
    options.enableReservableKeyword("QUALIFY");
    return options;
  }
}
