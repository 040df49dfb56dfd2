package io.gkp.localbigquery.rest;

import com.google.api.services.bigquery.model.ListRoutinesResponse;
import com.google.api.services.bigquery.model.Routine;
import com.google.api.services.bigquery.model.RoutineReference;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.storage.Names;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.List;
import java.util.Map;

/**
 * Functions and procedures. CREATE FUNCTION and CREATE PROCEDURE make them.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/reference/rest/v2/routines">routines</a>
 */
final class RoutinesResource {
  private static final int PAGE = 50;

  private final Warehouse warehouse;

  RoutinesResource(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  void register(Router router) {
    String all = "projects/{project}/datasets/{dataset}/routines";
    String one = all + "/{routine}";
    router.on("GET", all, this::list).on("GET", one, this::get).on("DELETE", one, this::delete);
  }

  private Response list(Request request) {
    String project = request.path("project");
    String dataset = request.path("dataset");
    if (warehouse.dataset(project, dataset).isEmpty()) {
      throw Names.datasetNotFound(project, dataset);
    }
    Page<Routine> page = Page.of(warehouse.routines(project, dataset), request, PAGE);
    List<Routine> listed = page.items().stream().map(RoutinesResource::listed).toList();
    return Response.ok(
        new ListRoutinesResponse()
            .setRoutines(listed.isEmpty() ? null : listed)
            .setNextPageToken(page.nextToken()));
  }

  /** A list leaves out what they do. */
  private static Routine listed(Routine routine) {
    return new Routine()
        .setEtag(routine.getEtag())
        .setRoutineReference(routine.getRoutineReference())
        .setRoutineType(routine.getRoutineType())
        .setCreationTime(routine.getCreationTime())
        .setLastModifiedTime(routine.getLastModifiedTime())
        .setLanguage(routine.getLanguage());
  }

  private Response get(Request request) {
    return Response.ok(existing(request));
  }

  private Response delete(Request request) {
    warehouse.deleteRoutine(existing(request).getRoutineReference());
    return Response.ok(Map.of());
  }

  private Routine existing(Request request) {
    RoutineReference reference =
        new RoutineReference()
            .setProjectId(request.path("project"))
            .setDatasetId(request.path("dataset"))
            .setRoutineId(request.path("routine"));
    return warehouse
        .routine(reference)
        .orElseThrow(
            () ->
                ApiException.notFound(
                    "Not found: Routine "
                        + reference.getProjectId()
                        + ":"
                        + reference.getDatasetId()
                        + "."
                        + reference.getRoutineId()));
  }
}
