package io.gkp.localbigquery.rest;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableList;
import com.google.api.services.bigquery.model.TableReference;
import com.google.api.services.bigquery.model.ViewDefinition;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.api.ApiJson;
import io.gkp.localbigquery.storage.Names;
import io.gkp.localbigquery.storage.RowAccess;
import io.gkp.localbigquery.storage.SchemaRules;
import io.gkp.localbigquery.storage.SchemaRules.Permission;
import io.gkp.localbigquery.storage.TableRules;
import io.gkp.localbigquery.storage.Warehouse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/**
 * Tables and views.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/reference/rest/v2/tables">tables</a>
 */
final class TablesResource {
  private static final int PAGE = 50;

  private final Warehouse warehouse;
  private final ViewSchemas views;

  TablesResource(Warehouse warehouse, ViewSchemas views) {
    this.warehouse = warehouse;
    this.views = views;
  }

  void register(Router router) {
    String all = "projects/{project}/datasets/{dataset}/tables";
    String one = all + "/{table}";
    router
        .on("GET", all, this::list)
        .on("POST", all, this::insert)
        .on("GET", one, this::get)
        .on("PATCH", one, this::patch)
        .on("PUT", one, this::update)
        .on("DELETE", one, this::delete);
  }

  private Response list(Request request) {
    List<TableList.Tables> items =
        warehouse.tables(request.path("project"), request.path("dataset"), TablesResource::listed);
    Page<TableList.Tables> page = Page.of(items, request, PAGE);
    return Response.ok(
        new TableList()
            .setKind("bigquery#tableList")
            .setTables(page.items())
            .setNextPageToken(page.nextToken())
            .setTotalItems(items.size()));
  }

  private static TableList.Tables listed(Table table) {
    TableList.Tables listed =
        new TableList.Tables()
            .setKind("bigquery#table")
            .setId(Names.of(table.getTableReference()))
            .setTableReference(table.getTableReference())
            .setType(table.getType())
            .setFriendlyName(table.getFriendlyName())
            .setLabels(table.getLabels())
            .setCreationTime(table.getCreationTime())
            .setExpirationTime(table.getExpirationTime())
            .setTimePartitioning(table.getTimePartitioning())
            .setRangePartitioning(table.getRangePartitioning())
            .setClustering(table.getClustering());
    return table.getView() == null
        ? listed
        : listed.setView(new TableList.Tables.View().setUseLegacySql(false));
  }

  private Response insert(Request request) throws IOException {
    Table table = request.json(Table.class);
    if (table.getSnapshotDefinition() != null || table.getCloneDefinition() != null) {
      throw ApiException.notImplemented("table snapshots and clones other than by SQL");
    }
    TableReference reference = table.getTableReference();
    if (reference == null || reference.getTableId() == null) {
      throw new ApiException(400, "required", "Required parameter is missing: tableReference");
    }
    table.setTableReference(
        Names.table(request.path("project"), request.path("dataset"), reference.getTableId()));
    return Response.ok(shown(warehouse.createTable(withViewSchema(table))));
  }

  private Response get(Request request) {
    TableReference reference = reference(request);
    Table table =
        PartitionsSummary.isNamed(reference)
            ? new PartitionsSummary(warehouse).table(reference)
            : existing(request);
    if (Etags.isKnown(request, table.getEtag())) {
      return Response.empty(304, Map.of());
    }
    if (request.query("selectedFields").isPresent() && table.getSchema() != null) {
      table.setSchema(SelectedFields.of(table.getSchema(), request.query("selectedFields").get()));
    }
    return Response.ok(shown(table));
  }

  private Response patch(Request request) throws IOException {
    return replace(request, MergePatch.apply(existing(request), request.json(), Table.class));
  }

  private Response update(Request request) throws IOException {
    return replace(request, request.json(Table.class));
  }

  private Response replace(Request request, Table next) {
    Table existing = existing(request);
    Etags.check(request, existing.getEtag());
    next.setTableReference(existing.getTableReference());
    RowAccess.set(next, RowAccess.of(existing));
    boolean wasView = existing.getView() != null;
    if ((next.getView() != null || next.getMaterializedView() != null) != wasView) {
      throw ApiException.invalid("Cannot change the type of " + Names.of(next.getTableReference()));
    }
    if (existing.getView() == null && existing.getSchema() != null) {
      next.setSchema(
          next.getSchema() == null
              ? existing.getSchema()
              : SchemaRules.merge(
                  next.getTableReference(),
                  existing.getSchema(),
                  TableRules.checked(next.getSchema()),
                  EnumSet.of(Permission.ADD, Permission.RELAX)));
    }
    return Response.ok(shown(warehouse.replaceTable(withViewSchema(next))));
  }

  private Table withViewSchema(Table table) {
    if (table.getMaterializedView() != null) {
      // Its rows are those of its query, as of any view.
      table.setView(
          new ViewDefinition()
              .setQuery(table.getMaterializedView().getQuery())
              .setUseLegacySql(false));
    }
    ViewDefinition view = table.getView();
    if (view == null) {
      return table;
    }
    if (!Boolean.FALSE.equals(view.getUseLegacySql())) {
      throw ApiException.notImplemented("views in legacy SQL (set view.useLegacySql=false)");
    }
    return ApiJson.copy(table).setSchema(views.schema(table));
  }

  private Response delete(Request request) {
    warehouse.deleteTable(reference(request));
    return Response.empty(204, Map.of());
  }

  private Table existing(Request request) {
    TableReference reference = reference(request);
    return existing(warehouse, reference);
  }

  /** Throws {@code notFound} that names the dataset, or else the table. */
  static Table existing(Warehouse warehouse, TableReference reference) {
    if (warehouse.dataset(reference.getProjectId(), reference.getDatasetId()).isEmpty()) {
      throw Names.datasetNotFound(reference.getProjectId(), reference.getDatasetId());
    }
    return warehouse.readable(reference).orElseThrow(() -> Names.tableNotFound(reference));
  }

  static TableReference reference(Request request) {
    return Names.table(request.path("project"), request.path("dataset"), request.path("table"));
  }

  private static Table shown(Table table) {
    RowAccess.set(table, List.of());
    if (table.getMaterializedView() != null) {
      table.setView(null);
    }
    return table
        .setKind("bigquery#table")
        .setId(Names.of(table.getTableReference()))
        .setNumLongTermBytes(table.getNumBytes() == null ? null : 0L)
        .setNumActiveLogicalBytes(table.getNumBytes())
        .setNumLongTermLogicalBytes(table.getNumBytes() == null ? null : 0L);
  }
}
