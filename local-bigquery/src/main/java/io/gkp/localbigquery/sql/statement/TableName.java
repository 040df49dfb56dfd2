package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.DatasetReference;
import com.google.api.services.bigquery.model.TableReference;
import io.gkp.localbigquery.api.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table's name with nothing left out.
 *
 * @param dataset {@code null} for an INFORMATION_SCHEMA view of a project or region
 * @param informationSchema whether {@code table} names a view of INFORMATION_SCHEMA
 */
public record TableName(String project, String dataset, String table, boolean informationSchema) {
  private static final String INFORMATION_SCHEMA = "INFORMATION_SCHEMA";
  private static final String REGION_PREFIX = "region-";

  /**
   * Reads a path whose parts may hold dots, as in {@code `project.dataset.table`}.
   *
   * @throws ApiException {@code invalidQuery} for a name that cannot be one of a table
   */
  public static TableName of(List<String> path, Scope scope) {
    List<String> parts = parts(path);
    Optional<TableReference> temporary = scope.temporaries().table(parts);
    if (temporary.isPresent()) {
      TableReference table = temporary.get();
      return new TableName(table.getProjectId(), table.getDatasetId(), table.getTableId(), false);
    }
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).equalsIgnoreCase(INFORMATION_SCHEMA) && i == parts.size() - 2) {
        return informationSchema(parts.subList(0, i), parts.get(i + 1), scope);
      }
    }
    String last = parts.get(parts.size() - 1);
    if (parts.size() > 1 && last.equalsIgnoreCase(TablesOfDataset.NAME)) {
      return informationSchema(parts.subList(0, parts.size() - 1), last, scope);
    }
    switch (parts.size()) {
      case 1:
        DatasetReference dataset =
            scope
                .defaultDataset()
                .orElseThrow(
                    () ->
                        ApiException.invalidQuery(
                            "Table \""
                                + parts.get(0)
                                + "\" must be qualified with a dataset (e.g. dataset.table)."));
        String project = dataset.getProjectId() == null ? scope.project() : dataset.getProjectId();
        return new TableName(project, dataset.getDatasetId(), parts.get(0), false);
      case 2:
        return new TableName(scope.project(), parts.get(0), parts.get(1), false);
      case 3:
        return new TableName(parts.get(0), parts.get(1), parts.get(2), false);
      default:
        throw ApiException.invalidQuery("Invalid table name: " + String.join(".", path));
    }
  }

  /** The parts of a path; a project of a domain, as in {@code example.com:project}, is one. */
  public static List<String> parts(List<String> path) {
    List<String> parts = new ArrayList<>(List.of(String.join(".", path).split("\\.", -1)));
    for (int i = 1; i < parts.size(); i++) {
      if (parts.get(i).indexOf(':') > 0) {
        parts.set(0, String.join(".", parts.subList(0, i + 1)));
        parts.subList(1, i + 1).clear();
        break;
      }
    }
    return parts;
  }

  private static TableName informationSchema(List<String> qualifier, String view, Scope scope) {
    String project = qualifier.size() > 1 ? qualifier.get(0) : scope.project();
    String last = qualifier.isEmpty() ? null : qualifier.get(qualifier.size() - 1);
    if (last == null || last.toLowerCase(java.util.Locale.ROOT).startsWith(REGION_PREFIX)) {
      return new TableName(project, null, view, true);
    }
    return new TableName(project, last, view, true);
  }

  public TableReference reference() {
    String datasetId = informationSchema ? INFORMATION_SCHEMA : dataset;
    return new TableReference().setProjectId(project).setDatasetId(datasetId).setTableId(table);
  }

  public ApiException notFound() {
    return ApiException.notFound(
        "Not found: Table "
            + project
            + ":"
            + dataset
            + "."
            + table
            + " was not found in location US");
  }

  public static String display(TableReference reference) {
    return reference.getProjectId() + ":" + reference.getDatasetId() + "." + reference.getTableId();
  }
}
