package io.gkp.localbigquery.rest;

import com.google.api.services.bigquery.model.ListRowAccessPoliciesResponse;
import com.google.api.services.bigquery.model.Policy;
import com.google.api.services.bigquery.model.RoutineReference;
import com.google.api.services.bigquery.model.RowAccessPolicy;
import com.google.api.services.bigquery.model.TestIamPermissionsRequest;
import com.google.api.services.bigquery.model.TestIamPermissionsResponse;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.storage.RowAccess;
import io.gkp.localbigquery.storage.Warehouse;
import java.io.IOException;
import java.util.List;

/**
 * Who may do what: whoever reaches the server may do everything. So IAM policies are empty, and
 * none can be set. Row access policies are made by SQL, and listed here.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/reference/rest/v2/tables/getIamPolicy">getIamPolicy</a>
 */
final class AccessResource {
  private static final int PAGE = 50;
  private static final int POLICY_VERSION = 1;

  /** What the real service says of a policy that was never set. */
  private static final String ETAG_OF_NONE = "ACAB";

  private final Warehouse warehouse;

  AccessResource(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  void register(Router router) {
    String table = "projects/{project}/datasets/{dataset}/tables/{table}";
    String routine = "projects/{project}/datasets/{dataset}/routines/{routine}";
    router
        .on("POST", table + ":getIamPolicy", request -> policy(request, true))
        .on("POST", table + ":setIamPolicy", this::refuse)
        .on("POST", table + ":testIamPermissions", request -> permissions(request, true))
        .on("POST", routine + ":getIamPolicy", request -> policy(request, false))
        .on("POST", routine + ":setIamPolicy", this::refuse)
        .on("POST", routine + ":testIamPermissions", request -> permissions(request, false))
        .on("GET", table + "/rowAccessPolicies", this::rowAccessPolicies);
  }

  private Response policy(Request request, boolean ofTable) {
    check(request, ofTable);
    return Response.ok(new Policy().setVersion(POLICY_VERSION).setEtag(ETAG_OF_NONE));
  }

  private Response refuse(Request request) {
    throw ApiException.notImplemented("IAM policies");
  }

  private Response permissions(Request request, boolean ofTable) throws IOException {
    check(request, ofTable);
    TestIamPermissionsRequest asked = request.json(TestIamPermissionsRequest.class);
    return Response.ok(new TestIamPermissionsResponse().setPermissions(asked.getPermissions()));
  }

  private Response rowAccessPolicies(Request request) {
    List<RowAccessPolicy> policies =
        RowAccess.of(TablesResource.existing(warehouse, TablesResource.reference(request)));
    Page<RowAccessPolicy> page = Page.of(policies, request, PAGE);
    return Response.ok(
        new ListRowAccessPoliciesResponse()
            .setRowAccessPolicies(page.items())
            .setNextPageToken(page.nextToken()));
  }

  /** Throws {@code notFound} where there is nothing to have rights on. */
  private void check(Request request, boolean ofTable) {
    if (ofTable) {
      TablesResource.existing(warehouse, TablesResource.reference(request));
    } else {
      RoutineReference routine = RoutinesResource.reference(request);
      warehouse.routine(routine).orElseThrow(() -> RoutinesResource.notFound(routine));
    }
  }
}
