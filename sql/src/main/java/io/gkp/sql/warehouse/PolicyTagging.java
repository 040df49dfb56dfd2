package io.gkp.sql.warehouse;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import io.gkp.bigquery.Calls;
import io.gkp.sql.model.Column;
import io.gkp.sql.model.Kind;
import io.gkp.sql.model.PolicyTags;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.render.RenderedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Puts policy tags on columns of tables that exist. No SQL statement does that, and replacing a
 * table by a query removes them: a table is without them for the moment between the two requests.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/column-level-security-writes">BigQuery:
 *     impact on writes</a>
 */
public final class PolicyTagging {
  private final BigQuery client;
  private final Datasets datasets;
  private final PolicyTags tags;
  private final Calls calls;

  public PolicyTagging(BigQuery client, Datasets datasets, PolicyTags tags) {
    this.client = client;
    this.datasets = datasets;
    this.tags = tags;
    this.calls = ModelFailures.calls(client);
  }

  /**
   * Brings the tags of a model's table up to date; asks for nothing where nothing is to be tagged.
   *
   * @throws io.gkp.failure.ExportException where the table is missing or may not be changed
   */
  public void apply(RenderedModel model) {
    Map<String, String> wanted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Column column : model.columns()) {
      tags.of(column).ifPresent(tag -> wanted.put(column.name(), tag));
    }
    if (model.kind() != Kind.TABLE || wanted.isEmpty()) {
      return;
    }
    TableId id = TableId.of(datasets.project(), datasets.of(model.layer()), model.name());
    calls.repeatToTheEnd(
        "policy tags of " + model.name(), () -> apply(client.getTable(id), wanted));
  }

  private static Table apply(Table table, Map<String, String> wanted) {
    StandardTableDefinition definition = table.getDefinition();
    List<Field> fields = new ArrayList<>();
    for (Field field : definition.getSchema().getFields()) {
      String tag = wanted.get(field.getName());
      fields.add(tag == null ? field : tagged(field, tag));
    }
    Schema schema = Schema.of(fields);
    return schema.equals(definition.getSchema())
        ? table
        : table.toBuilder()
            .setDefinition(definition.toBuilder().setSchema(schema).build())
            .build()
            .update();
  }

  static Field tagged(Field field, String tag) {
    return field.toBuilder()
        .setPolicyTags(
            com.google.cloud.bigquery.PolicyTags.newBuilder().setNames(List.of(tag)).build())
        .build();
  }
}
