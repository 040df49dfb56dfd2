package io.gkp.localbigquery.rest;

import com.google.api.services.bigquery.model.ListModelsResponse;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.storage.Names;
import io.gkp.localbigquery.storage.Warehouse;

/**
 * Models, of which there are none: clients that list what a dataset holds find that out.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/reference/rest/v2/models">models</a>
 */
final class ModelsResource {
  private final Warehouse warehouse;

  ModelsResource(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  void register(Router router) {
    String all = "projects/{project}/datasets/{dataset}/models";
    String one = all + "/{model}";
    router
        .on("GET", all, this::list)
        .on("GET", one, this::missing)
        .on("PATCH", one, this::missing)
        .on("DELETE", one, this::missing);
  }

  private Response list(Request request) {
    checkDataset(request);
    return Response.ok(new ListModelsResponse());
  }

  private Response missing(Request request) {
    checkDataset(request);
    throw ApiException.notFound(
        "Not found: Model "
            + request.path("project")
            + ":"
            + request.path("dataset")
            + "."
            + request.path("model"));
  }

  private void checkDataset(Request request) {
    String project = request.path("project");
    String dataset = request.path("dataset");
    if (warehouse.dataset(project, dataset).isEmpty()) {
      throw Names.datasetNotFound(project, dataset);
    }
  }
}
