package io.gkp.localbigquery.rest;

import com.sun.net.httpserver.HttpHandler;
import io.gkp.localbigquery.jobs.Jobs;
import io.gkp.localbigquery.query.QueryWork;
import io.gkp.localbigquery.storage.Warehouse;
import java.net.InetAddress;
import java.nio.file.Path;

/** Puts the resources together. */
public final class Api {
  private Api() {}

  /**
   * @param queries of which the jobs run queries
   * @param spool a directory for unfinished uploads, which is emptied
   * @param address at which the server listens
   */
  public static HttpHandler of(
      Warehouse warehouse, Jobs jobs, QueryWork queries, Path spool, InetAddress address) {
    Router router = new Router();
    new UploadResource(jobs, Spool.open(spool)).register(router);
    Router v2 = new Router();
    new ProjectsResource(warehouse).register(v2);
    new DatasetsResource(warehouse).register(v2);
    new TablesResource(warehouse, queries::viewSchema).register(v2);
    new TabledataResource(warehouse).register(v2);
    new InsertAllResource(warehouse, queries::defaults).register(v2);
    new RoutinesResource(warehouse, queries::check).register(v2);
    new ModelsResource(warehouse).register(v2);
    new AccessResource(warehouse).register(v2);
    new JobsResource(jobs, queries).register(v2);
    new QueriesResource(warehouse, jobs, queries).register(v2);
    new DiscoveryResource().register(router);
    router.mount("bigquery/v2", v2).mount("", v2);
    return new HttpApi(router, LocalOnly.at(address));
  }
}
