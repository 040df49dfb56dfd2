package io.gkp.localbigquery.rest;

import com.google.api.services.bigquery.model.GetServiceAccountResponse;
import com.google.api.services.bigquery.model.ProjectList;
import com.google.api.services.bigquery.model.ProjectReference;
import io.gkp.localbigquery.storage.Warehouse;
import java.math.BigInteger;
import java.util.List;

/**
 * Projects: all those that have a dataset.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/reference/rest/v2/projects/list">projects.list</a>
 */
final class ProjectsResource {
  private static final int PAGE = 50;

  private final Warehouse warehouse;

  ProjectsResource(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  void register(Router router) {
    router
        .on("GET", "projects", this::list)
        .on("GET", "projects/{project}/serviceAccount", this::serviceAccount);
  }

  /** Any number; clients insist on one. */
  private static BigInteger numericId(String id) {
    return BigInteger.valueOf(Integer.toUnsignedLong(id.hashCode()));
  }

  /** Encrypts nothing, but clients ask for its name. */
  private Response serviceAccount(Request request) {
    return Response.ok(
        new GetServiceAccountResponse()
            .setKind("bigquery#getServiceAccountResponse")
            .setEmail(
                "bq-"
                    + numericId(request.path("project"))
                    + "@bigquery-encryption.iam.gserviceaccount.com"));
  }

  private Response list(Request request) {
    List<ProjectList.Projects> all =
        warehouse.projects().stream()
            .map(
                id ->
                    new ProjectList.Projects()
                        .setKind("bigquery#project")
                        .setId(id)
                        .setNumericId(numericId(id))
                        .setFriendlyName(id)
                        .setProjectReference(new ProjectReference().setProjectId(id)))
            .toList();
    Page<ProjectList.Projects> page = Page.of(all, request, PAGE);
    return Response.ok(
        new ProjectList()
            .setKind("bigquery#projectList")
            .setProjects(page.items())
            .setTotalItems(all.size())
            .setNextPageToken(page.nextToken()));
  }
}
