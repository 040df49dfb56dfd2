package io.gkp.localbigquery.rest;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableDataList;
import com.google.api.services.bigquery.model.TableReference;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.storage.Names;
import io.gkp.localbigquery.storage.Warehouse;
import java.io.IOException;

/**
 * The rows of tables.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/reference/rest/v2/tabledata">tabledata</a>
 */
final class TabledataResource {
  private final Warehouse warehouse;
  private final RowPages pages;
  private final PartitionsSummary partitions;

  TabledataResource(Warehouse warehouse) {
    this.warehouse = warehouse;
    this.pages = new RowPages(warehouse);
    this.partitions = new PartitionsSummary(warehouse);
  }

  void register(Router router) {
    router.on("GET", "projects/{project}/datasets/{dataset}/tables/{table}/data", this::list);
  }

  private Response list(Request request) throws IOException {
    TableReference reference =
        Names.table(request.path("project"), request.path("dataset"), request.path("table"));
    if (PartitionsSummary.isNamed(reference)) {
      return partitions.rows(reference, RowPages.Range.of(request));
    }
    Table table = warehouse.readable(reference).orElseThrow(() -> Names.tableNotFound(reference));
    if (table.getView() != null) {
      throw ApiException.invalid("Cannot list a table of type VIEW.");
    }
    RowPages.RowPage page = pages.read(table, RowPages.Range.of(request));
    return Response.ok(
        new TableDataList()
            .setKind("bigquery#tableDataList")
            .setEtag(table.getEtag())
            .setTotalRows(table.getNumRows().longValueExact())
            .setPageToken(page.nextToken()),
        page.rows());
  }
}
