package io.gkp.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** One catch-up run from a source URL into the demo's dataset on a BigQuery host. */
interface Exporter {
  /** Returns the run report that {@code export-bigquery --output json} prints. */
  ObjectNode run(String sourceUrl, String bigQueryHost) throws Exception;
}
