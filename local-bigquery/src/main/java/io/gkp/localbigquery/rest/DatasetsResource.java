package io.gkp.localbigquery.rest;

import com.google.api.services.bigquery.model.Dataset;
import com.google.api.services.bigquery.model.DatasetList;
import com.google.api.services.bigquery.model.DatasetReference;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.api.ApiJson;
import io.gkp.localbigquery.storage.Names;
import io.gkp.localbigquery.storage.Warehouse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Datasets.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/reference/rest/v2/datasets">datasets</a>
 */
final class DatasetsResource {
  private static final int PAGE = 50;

  /** Of a dataset that was created without a word on access. */
  private static final List<Dataset.Access> DEFAULT_ACCESS =
      List.of(
          new Dataset.Access().setRole("WRITER").setSpecialGroup("projectWriters"),
          new Dataset.Access().setRole("OWNER").setSpecialGroup("projectOwners"),
          new Dataset.Access().setRole("OWNER").setUserByEmail("local@localhost"),
          new Dataset.Access().setRole("READER").setSpecialGroup("projectReaders"));

  private final Warehouse warehouse;

  DatasetsResource(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  void register(Router router) {
    String all = "projects/{project}/datasets";
    String one = all + "/{dataset}";
    router
        .on("GET", all, this::list)
        .on("POST", all, this::insert)
        .on("GET", one, this::get)
        .on("PATCH", one, this::patch)
        .on("PUT", one, this::update)
        .on("DELETE", one, this::delete);
  }

  private Response list(Request request) {
    List<DatasetList.Datasets> items =
        warehouse.datasets(request.path("project")).stream()
            .filter(dataset -> request.flag("all") || !isHidden(dataset))
            .filter(dataset -> fits(dataset, request.query("filter").orElse("")))
            .map(
                dataset ->
                    new DatasetList.Datasets()
                        .setKind("bigquery#dataset")
                        .setId(Names.of(dataset.getDatasetReference()))
                        .setDatasetReference(dataset.getDatasetReference())
                        .setFriendlyName(dataset.getFriendlyName())
                        .setLabels(dataset.getLabels())
                        .setLocation(dataset.getLocation())
                        .set("type", "DEFAULT"))
            .toList();
    Page<DatasetList.Datasets> page = Page.of(items, request, PAGE);
    return Response.ok(
        new DatasetList()
            .setKind("bigquery#datasetList")
            .setDatasets(page.items())
            .setNextPageToken(page.nextToken()));
  }

  private static boolean isHidden(Dataset dataset) {
    return dataset.getDatasetReference().getDatasetId().startsWith("_");
  }

  /** Filters look like {@code labels.key:value labels.other}. */
  private static boolean fits(Dataset dataset, String filter) {
    Map<String, String> labels = dataset.getLabels() == null ? Map.of() : dataset.getLabels();
    for (String term : filter.split("\\s+")) {
      if (term.isEmpty()) {
        continue;
      }
      if (!term.startsWith("labels.")) {
        throw ApiException.invalid("Invalid filter: " + filter);
      }
      String[] label = term.substring("labels.".length()).split(":", 2);
      boolean has =
          label.length == 1
              ? labels.containsKey(label[0])
              : Objects.equals(labels.get(label[0]), label[1]);
      if (!has) {
        return false;
      }
    }
    return true;
  }

  private Response insert(Request request) throws IOException {
    Dataset dataset = request.json(Dataset.class);
    DatasetReference reference = dataset.getDatasetReference();
    if (reference == null || reference.getDatasetId() == null) {
      throw new ApiException(400, "required", "Required parameter is missing: datasetReference");
    }
    if (dataset.getExternalDatasetReference() != null || dataset.getLinkedDatasetSource() != null) {
      throw ApiException.notImplemented("external and linked datasets");
    }
    dataset.setDatasetReference(ApiJson.copy(reference).setProjectId(request.path("project")));
    return Response.ok(shown(warehouse.createDataset(dataset)));
  }

  private Response get(Request request) {
    Dataset dataset = existing(request);
    return Etags.isKnown(request, dataset.getEtag())
        ? Response.empty(304, Map.of())
        : Response.ok(shown(dataset));
  }

  private Response patch(Request request) throws IOException {
    return replace(request, MergePatch.apply(existing(request), request.json(), Dataset.class));
  }

  private Response update(Request request) throws IOException {
    return replace(request, request.json(Dataset.class));
  }

  private Response replace(Request request, Dataset next) {
    Dataset existing = existing(request);
    Etags.check(request, existing.getEtag());
    if (next.getLocation() != null && !next.getLocation().equals(existing.getLocation())) {
      throw ApiException.invalid("The location of a dataset cannot be changed.");
    }
    next.setDatasetReference(existing.getDatasetReference())
        .setLocation(existing.getLocation())
        .setCreationTime(existing.getCreationTime());
    return Response.ok(shown(warehouse.replaceDataset(next)));
  }

  private Response delete(Request request) {
    warehouse.deleteDataset(
        request.path("project"), request.path("dataset"), request.flag("deleteContents"));
    return Response.empty(204, Map.of());
  }

  private Dataset existing(Request request) {
    String project = request.path("project");
    String dataset = request.path("dataset");
    return warehouse
        .dataset(project, dataset)
        .orElseThrow(() -> Names.datasetNotFound(project, dataset));
  }

  private static Dataset shown(Dataset dataset) {
    if (dataset.getAccess() == null) {
      dataset.setAccess(DEFAULT_ACCESS);
    }
    return dataset
        .setKind("bigquery#dataset")
        .setId(Names.of(dataset.getDatasetReference()))
        .setType("DEFAULT");
  }
}
