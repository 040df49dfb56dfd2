package io.gkp.connector.operations;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened; {@code offsets history} prints a list of them. What does not apply is
 * null.
 *
 * @param what {@code run}, {@code reset}, {@code reset_all}, {@code backfill}, {@code skip}, {@code
 *     start}, {@code epoch}, {@code snapshot} or {@code schema}
 * @param outcome a run's status, a request's or an epoch's state
 * @param id of the run or the request
 * @param who the operator; a run has none
 * @param detail an epoch's number, a backfill's condition, or what changed about the columns
 */
public record HistoryEvent(
    String at,
    String what,
    String outcome,
    @Nullable String table,
    @Nullable String id,
    @Nullable String who,
    @Nullable String why,
    @Nullable Long rows,
    @Nullable String errorCode,
    @Nullable String detail,
    List<String> loadJobs) {}
