package io.gkp.localbigquery.rest;

import com.sun.net.httpserver.HttpHandler;
import io.gkp.localbigquery.jobs.Jobs;
import io.gkp.localbigquery.query.QueryWork;
import io.gkp.localbigquery.storage.Warehouse;
import java.nio.file.Path;

/** Puts the resources together. */
public final class Api {
  private Api() {}

  /**
   * @param queries of which the jobs run queries
   * @param spool a directory for unfinished uploads, which is emptied
   */
  public static HttpHandler of(Warehouse warehouse, Jobs jobs, QueryWork queries, Path spool) {
    Router router = new Router();
    new UploadResource(jobs, Spool.open(spool)).register(router);
    Router v2 = new Router();
    new ProjectsResource(warehouse).register(v2);
    new DatasetsResource(warehouse).register(v2);
    new TablesResource(warehouse, queries::viewSchema).register(v2);
    new TabledataResource(warehouse).register(v2);
    new InsertAllResource(warehouse).register(v2);
    new RoutinesResource(warehouse, queries::check).register(v2);
    new JobsResource(jobs, queries).register(v2);
    new QueriesResource(warehouse, jobs, queries).register(v2);
    new DiscoveryResource().register(router);
    router.mount("bigquery/v2", v2).mount("", v2);
    return new HttpApi(router);
  }
}
