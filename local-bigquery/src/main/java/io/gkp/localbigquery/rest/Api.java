package io.gkp.localbigquery.rest;

import com.sun.net.httpserver.HttpHandler;
import io.gkp.localbigquery.ApiException;
import io.gkp.localbigquery.jobs.Jobs;
import io.gkp.localbigquery.storage.DiskWarehouse;
import java.nio.file.Path;

/** Puts the resources together. */
public final class Api {
  private Api() {}

  /**
   * @param spool a directory for unfinished uploads, which is emptied
   */
  public static HttpHandler of(DiskWarehouse warehouse, Jobs jobs, Path spool) {
    Router router = new Router();
    new UploadResource(jobs, Spool.open(spool)).register(router);
    Router v2 = new Router();
    new ProjectsResource(warehouse).register(v2);
    new DatasetsResource(warehouse).register(v2);
    new TablesResource(
            warehouse,
            view -> {
              throw ApiException.notImplemented("views");
            })
        .register(v2);
    new TabledataResource(warehouse).register(v2);
    new JobsResource(jobs).register(v2);
    router.mount("bigquery/v2", v2).mount("", v2);
    return new HttpApi(router);
  }
}
