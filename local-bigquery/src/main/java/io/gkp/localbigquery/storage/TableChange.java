package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.Table;
import java.util.Optional;

/**
 * The next state of a table, to be taken on whole.
 *
 * @param table its metadata
 * @param keepRows whether the rows that it has stay
 * @param added rows that it gains
 * @param partition the one that the rows are of, those that go and those that come; empty for the
 *     whole table
 */
public record TableChange(
    Table table, boolean keepRows, Optional<Staged> added, Optional<Partition> partition) {
  public TableChange(Table table, boolean keepRows, Optional<Staged> added) {
    this(table, keepRows, added, Optional.empty());
  }
}
