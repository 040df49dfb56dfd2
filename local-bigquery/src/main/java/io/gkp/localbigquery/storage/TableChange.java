package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.Table;
import java.util.List;
import java.util.Optional;

/**
 * The next state of a table, to be taken on whole.
 *
 * @param table its metadata
 * @param keepRows whether the rows that it has stay
 * @param added finished segments, in staging, whose rows it gains
 * @param receipt what to remember on behalf of the job that makes this change
 */
public record TableChange(
    Table table, boolean keepRows, List<Segment> added, Optional<Receipt> receipt) {

  /**
   * Written in one with the change, so that a job knows after a crash whether it had succeeded.
   *
   * @param job unique among all jobs
   * @param outcome whatever the job wants to find again
   */
  public record Receipt(String job, String outcome) {}
}
