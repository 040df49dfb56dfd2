package io.gkp.localbigquery.rest;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableSchema;

/** Finds out which columns a view has. */
interface ViewSchemas {
  /** Throws {@code invalidQuery} (400) where the view's query is not valid. */
  TableSchema schema(Table view);
}
