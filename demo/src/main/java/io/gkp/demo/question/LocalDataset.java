package io.gkp.demo.question;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.DatasetId;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.TableResult;
import io.gkp.bigquery.BigQueryClients;
import io.gkp.bigquery.DestinationConfig;
import java.util.ArrayList;
import java.util.List;

/** Asks the demo's dataset with Google's own client, as any program would. */
public final class LocalDataset {
  public static final String PROJECT = "local";
  public static final String NAME = "gkp";

  private final DestinationConfig config;
  private final BigQuery bigQuery;

  /**
   * @param host the URL of the embedded BigQuery
   */
  public LocalDataset(String host) {
    this.config = new DestinationConfig(PROJECT, NAME, null, host);
    this.bigQuery = BigQueryClients.create(config);
  }

  public DestinationConfig config() {
    return config;
  }

  public BigQuery client() {
    return bigQuery;
  }

  public Answer ask(Question question) {
    TableResult result =
        query(
            QueryJobConfiguration.newBuilder(question.sql())
                .setDefaultDataset(DatasetId.of(PROJECT, NAME))
                .build());
    List<String> columns = result.getSchema().getFields().stream().map(Field::getName).toList();
    List<List<String>> rows = new ArrayList<>();
    for (FieldValueList row : result.iterateAll()) {
      rows.add(row.stream().map(LocalDataset::text).toList());
    }
    return new Answer(question, columns, rows);
  }

  private TableResult query(QueryJobConfiguration query) {
    try {
      return bigQuery.query(query);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static String text(FieldValue value) {
    if (value.isNull()) {
      return "NULL";
    }
    return value.getAttribute() == FieldValue.Attribute.REPEATED
        ? value.getRepeatedValue().stream().map(LocalDataset::text).toList().toString()
        : value.getStringValue();
  }
}
