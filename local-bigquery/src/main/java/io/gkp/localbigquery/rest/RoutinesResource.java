package io.gkp.localbigquery.rest;

import com.google.api.services.bigquery.model.ListRoutinesResponse;
import com.google.api.services.bigquery.model.Routine;
import com.google.api.services.bigquery.model.RoutineReference;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.api.ApiJson;
import io.gkp.localbigquery.storage.Names;
import io.gkp.localbigquery.storage.Warehouse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Functions and procedures.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/reference/rest/v2/routines">routines</a>
 */
final class RoutinesResource {
  private static final int PAGE = 50;

  private final Warehouse warehouse;
  private final Consumer<Routine> check;

  /**
   * @param check throws where a routine is not valid
   */
  RoutinesResource(Warehouse warehouse, Consumer<Routine> check) {
    this.warehouse = warehouse;
    this.check = check;
  }

  void register(Router router) {
    String all = "projects/{project}/datasets/{dataset}/routines";
    String one = all + "/{routine}";
    router
        .on("GET", all, this::list)
        .on("POST", all, this::insert)
        .on("GET", one, this::get)
        .on("PUT", one, this::update)
        .on("DELETE", one, this::delete);
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

  private Response insert(Request request) throws IOException {
    Routine routine = request.json(Routine.class);
    if (routine.getRoutineReference() == null
        || routine.getRoutineReference().getRoutineId() == null) {
      throw new ApiException(400, "required", "Required parameter is missing: routineReference");
    }
    String project = request.path("project");
    String dataset = request.path("dataset");
    if (warehouse.dataset(project, dataset).isEmpty()) {
      throw Names.datasetNotFound(project, dataset);
    }
    routine.getRoutineReference().setProjectId(project).setDatasetId(dataset);
    if (warehouse.routine(routine.getRoutineReference()).isPresent()) {
      throw ApiException.duplicate(
          "Already Exists: Routine " + display(routine.getRoutineReference()));
    }
    return put(routine);
  }

  private Response update(Request request) throws IOException {
    Routine existing = existing(request);
    Etags.check(request, existing.getEtag());
    Routine routine = request.json(Routine.class);
    return put(routine.setRoutineReference(existing.getRoutineReference()));
  }

  private Response put(Routine routine) {
    if (routine.getRemoteFunctionOptions() != null || routine.getSparkOptions() != null) {
      throw ApiException.notImplemented("remote functions and procedures for Spark");
    }
    if (routine.getImportedLibraries() != null && !routine.getImportedLibraries().isEmpty()) {
      throw ApiException.notImplemented("libraries of functions");
    }
    if (routine.getRoutineType() == null || routine.getDefinitionBody() == null) {
      throw new ApiException(
          400, "required", "Required parameter is missing: routineType or definitionBody");
    }
    if (routine.getLanguage() == null || routine.getLanguage().equals("LANGUAGE_UNSPECIFIED")) {
      routine.setLanguage("SQL");
    }
    check.accept(underAnotherName(routine));
    return Response.ok(warehouse.putRoutine(routine));
  }

  /** The routine itself may be there. */
  private static Routine underAnotherName(Routine routine) {
    RoutineReference name = ApiJson.copy(routine.getRoutineReference());
    return ApiJson.copy(routine)
        .setRoutineReference(name.setRoutineId(name.getRoutineId() + "_checked"));
  }

  private static String display(RoutineReference routine) {
    return routine.getProjectId() + ":" + routine.getDatasetId() + "." + routine.getRoutineId();
  }

  private Response get(Request request) {
    return Response.ok(existing(request));
  }

  private Response delete(Request request) {
    warehouse.deleteRoutine(existing(request).getRoutineReference());
    return Response.ok(Map.of());
  }

  private Routine existing(Request request) {
    RoutineReference reference = reference(request);
    return warehouse.routine(reference).orElseThrow(() -> notFound(reference));
  }

  static RoutineReference reference(Request request) {
    return new RoutineReference()
        .setProjectId(request.path("project"))
        .setDatasetId(request.path("dataset"))
        .setRoutineId(request.path("routine"));
  }

  static ApiException notFound(RoutineReference routine) {
    return ApiException.notFound("Not found: Routine " + display(routine));
  }
}
