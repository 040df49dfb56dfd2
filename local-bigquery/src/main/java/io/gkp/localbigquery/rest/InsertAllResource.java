package io.gkp.localbigquery.rest;

import com.google.api.services.bigquery.model.ErrorProto;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableDataInsertAllRequest;
import com.google.api.services.bigquery.model.TableDataInsertAllResponse;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableReference;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.api.ApiJson;
import io.gkp.localbigquery.load.RowException;
import io.gkp.localbigquery.load.RowParser;
import io.gkp.localbigquery.query.QueryWork;
import io.gkp.localbigquery.storage.Column;
import io.gkp.localbigquery.storage.Names;
import io.gkp.localbigquery.storage.Warehouse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Streaming inserts, readable at once. A row whose {@code insertId} came before is taken for a
 * second sending of the same.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/reference/rest/v2/tabledata/insertAll">tabledata.insertAll</a>
 */
final class InsertAllResource {
  private static final Map<String, String> BAD_VALUE =
      Map.of("INTEGER", "integer", "FLOAT", "floating point", "BOOLEAN", "boolean");

  /** Gives new rows the default values of columns, as {@link QueryWork#defaults} does. */
  interface Defaults {
    List<Object[]> of(TableReference table, List<TableFieldSchema> fields, int rows);
  }

  private final Warehouse warehouse;
  private final Defaults defaults;
  private final InsertIds insertIds = new InsertIds();

  InsertAllResource(Warehouse warehouse, Defaults defaults) {
    this.warehouse = warehouse;
    this.defaults = defaults;
  }

  void register(Router router) {
    router.on(
        "POST", "projects/{project}/datasets/{dataset}/tables/{table}/insertAll", this::insert);
  }

  private Response insert(Request request) throws IOException {
    TableReference named =
        Names.table(request.path("project"), request.path("dataset"), request.path("table"));
    Table table = warehouse.table(named).orElseThrow(() -> Names.tableNotFound(named));
    if (table.getView() != null) {
      throw ApiException.invalid("Cannot add rows to a table of type VIEW.");
    }
    TableDataInsertAllRequest asked = request.json(TableDataInsertAllRequest.class);
    TableReference reference = target(table, asked.getTemplateSuffix());
    RowParser parser =
        new RowParser(
            Column.of(table.getSchema()), Boolean.TRUE.equals(asked.getIgnoreUnknownValues()));
    List<Object[]> rows = new ArrayList<>();
    List<TableDataInsertAllResponse.InsertErrors> errors = new ArrayList<>();
    List<TableDataInsertAllRequest.Rows> given =
        asked.getRows() == null ? List.of() : asked.getRows();
    Set<String> inserted = new LinkedHashSet<>();
    Map<Object[], Map<String, Object>> written = new IdentityHashMap<>();
    for (int i = 0; i < given.size(); i++) {
      String id = given.get(i).getInsertId();
      if (id != null
          && (inserted.contains(id) || insertIds.holds(reference, table.getCreationTime(), id))) {
        continue;
      }
      byte[] json = ApiJson.write(given.get(i).getJson());
      try {
        Object[] row = parser.parse(json, 0, json.length);
        rows.add(row);
        written.put(row, given.get(i).getJson());
        if (id != null) {
          inserted.add(id);
        }
      } catch (RowException e) {
        errors.add(
            error(i, "invalid", e.field().orElse(""), message(e, table, given.get(i).getJson())));
      }
    }
    if (!errors.isEmpty() && !Boolean.TRUE.equals(asked.getSkipInvalidRows())) {
      return Response.ok(answer(allStopped(errors, given.size())));
    }
    if (!rows.isEmpty()) {
      fill(table, rows, written);
      warehouse.append(reference, rows.iterator());
      insertIds.add(reference, table.getCreationTime(), inserted);
    }
    return Response.ok(answer(errors));
  }

  /** Gives columns that a row leaves out their default values. */
  private void fill(Table table, List<Object[]> rows, Map<Object[], Map<String, Object>> written) {
    List<TableFieldSchema> all = table.getSchema().getFields();
    List<TableFieldSchema> fields =
        all.stream().filter(field -> field.getDefaultValueExpression() != null).toList();
    if (fields.isEmpty()) {
      return;
    }
    List<Object[]> values = defaults.of(table.getTableReference(), fields, rows.size());
    for (int i = 0; i < rows.size(); i++) {
      Set<String> named = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
      named.addAll(written.get(rows.get(i)).keySet());
      for (int j = 0; j < fields.size(); j++) {
        if (!named.contains(fields.get(j).getName())) {
          rows.get(i)[all.indexOf(fields.get(j))] = values.get(i)[j];
        }
      }
    }
  }

  /** The table itself, or the one of the suffix, which comes into being like this one. */
  private TableReference target(Table template, String suffix) {
    TableReference own = template.getTableReference();
    if (suffix == null || suffix.isEmpty()) {
      return own;
    }
    TableReference target =
        Names.table(own.getProjectId(), own.getDatasetId(), own.getTableId() + suffix);
    if (warehouse.table(target).isEmpty()) {
      warehouse.createTable(
          new Table()
              .setTableReference(target)
              .setSchema(template.getSchema())
              .setTimePartitioning(template.getTimePartitioning())
              .setRangePartitioning(template.getRangePartitioning())
              .setClustering(template.getClustering()));
    }
    return target;
  }

  /** As the service words it here, which is not as it does of load jobs. */
  private static String message(RowException error, Table table, Map<String, Object> row) {
    for (TableFieldSchema field : table.getSchema().getFields()) {
      String type = BAD_VALUE.get(field.getType());
      if (type != null
          && !"REPEATED".equals(field.getMode())
          && error.field().filter(field.getName()::equals).isPresent()
          && row.get(field.getName()) instanceof String value) {
        return "Cannot convert value to " + type + " (bad value): " + value;
      }
    }
    return error.getMessage();
  }

  /** One row at fault keeps all from being inserted, and the real service says so of each. */
  private static List<TableDataInsertAllResponse.InsertErrors> allStopped(
      List<TableDataInsertAllResponse.InsertErrors> errors, int rows) {
    List<TableDataInsertAllResponse.InsertErrors> all = new ArrayList<>(errors);
    for (int i = 0; i < rows; i++) {
      long index = i;
      if (errors.stream().noneMatch(error -> error.getIndex() == index)) {
        all.add(error(i, "stopped", "", ""));
      }
    }
    return all;
  }

  private static TableDataInsertAllResponse.InsertErrors error(
      long index, String reason, String location, String message) {
    return new TableDataInsertAllResponse.InsertErrors()
        .setIndex(index)
        .setErrors(
            List.of(
                new ErrorProto()
                    .setReason(reason)
                    .setLocation(location)
                    .setDebugInfo("")
                    .setMessage(message)));
  }

  private static TableDataInsertAllResponse answer(
      List<TableDataInsertAllResponse.InsertErrors> errors) {
    return new TableDataInsertAllResponse()
        .setKind("bigquery#tableDataInsertAllResponse")
        .setInsertErrors(errors.isEmpty() ? null : errors);
  }
}
