package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.DatasetReference;
import java.util.Optional;

/** Where names without a project or dataset are looked up. */
public record Scope(
    String project, Optional<DatasetReference> defaultDataset, Temporaries temporaries) {
  public static Scope of(SqlRequest request, Temporaries temporaries) {
    return new Scope(request.project(), request.defaultDataset(), temporaries);
  }

  /** A view sees its own project and no default dataset. */
  public static Scope insideView(String project) {
    return new Scope(project, Optional.empty(), Temporaries.NONE);
  }
}
