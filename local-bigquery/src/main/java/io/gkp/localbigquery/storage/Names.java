package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.DatasetReference;
import com.google.api.services.bigquery.model.TableReference;
import io.gkp.localbigquery.api.ApiException;
import java.util.regex.Pattern;

/** How datasets and tables are written in messages and ids, and which names they may have. */
public final class Names {
  private static final Pattern DATASET = Pattern.compile("\\w{1,1024}");
  private static final Pattern REFERENCED_DATASET = Pattern.compile("[\\w-]{1,1024}");
  private static final Pattern TABLE =
      Pattern.compile("[\\p{L}\\p{M}\\p{N}\\p{Pc}\\p{Pd}\\p{Zs}]{1,1024}");

  private Names() {}

  public static String of(DatasetReference dataset) {
    return dataset.getProjectId() + ":" + dataset.getDatasetId();
  }

  public static String of(TableReference table) {
    return table.getProjectId() + ":" + table.getDatasetId() + "." + table.getTableId();
  }

  public static DatasetReference dataset(TableReference table) {
    return new DatasetReference()
        .setProjectId(table.getProjectId())
        .setDatasetId(table.getDatasetId());
  }

  public static TableReference table(String project, String dataset, String table) {
    return new TableReference().setProjectId(project).setDatasetId(dataset).setTableId(table);
  }

  public static ApiException datasetNotFound(String project, String dataset) {
    return ApiException.notFound("Not found: Dataset " + project + ":" + dataset);
  }

  public static ApiException tableNotFound(TableReference table) {
    return ApiException.notFound("Not found: Table " + of(table));
  }

  /** Throws {@code invalid} for what no dataset is called, not even one that is missing. */
  public static void checkDatasetReference(String name) {
    if (!REFERENCED_DATASET.matcher(name).matches()) {
      throw ApiException.invalid(
          "Invalid dataset ID \""
              + name
              + "\". Dataset IDs must be alphanumeric (plus underscores and dashes) and must be at"
              + " most 1024 characters long.");
    }
  }

  static void checkDataset(String name) {
    if (name == null || !DATASET.matcher(name).matches()) {
      throw ApiException.invalid(
          "Invalid dataset ID \""
              + name
              + "\". Dataset IDs must be alphanumeric (plus underscores) and must be at most 1024"
              + " characters long.");
    }
  }

  static void checkTable(String name) {
    if (name != null && name.contains("$")) {
      throw ApiException.notImplemented("partition decorators");
    }
    if (name == null || !TABLE.matcher(name).matches()) {
      throw ApiException.invalid("Invalid table ID \"" + name + "\".");
    }
  }
}
