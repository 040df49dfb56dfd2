package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.DatasetReference;
import com.google.api.services.bigquery.model.QueryParameter;
import java.util.List;
import java.util.Optional;

/**
 * One statement to run.
 *
 * @param project where unqualified datasets are looked up
 * @param defaultDataset where unqualified tables are looked up
 * @param parameters as the API sent them, in its order; empty for none
 * @param dryRun type-check only, change nothing
 * @param location where temporary tables go
 * @param session the client's session, by its id
 */
public record SqlRequest(
    String project,
    String sql,
    Optional<DatasetReference> defaultDataset,
    List<QueryParameter> parameters,
    boolean dryRun,
    String location,
    Optional<String> session) {
  public SqlRequest(
      String project,
      String sql,
      Optional<DatasetReference> defaultDataset,
      List<QueryParameter> parameters,
      boolean dryRun) {
    this(project, sql, defaultDataset, parameters, dryRun, "US", Optional.empty());
  }
}
