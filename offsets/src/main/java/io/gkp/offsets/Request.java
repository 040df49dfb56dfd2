package io.gkp.offsets;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operator asked for beside the schedule, and what became of it.
 *
 * @param id names the request, for ever
 * @param table source table as configured; null where it concerns all
 * @param filter condition of a filtered backfill, null for none
 * @param changedAt when it came to this state
 * @param by who asked, or withdrew it
 * @param reason why, in the operator's words; may be null
 */
public record Request(
    String id,
    Kind kind,
    @Nullable String table,
    State state,
    @Nullable String filter,
    Outcome outcome,
    Instant changedAt,
    @Nullable String by,
    @Nullable String reason) {
  /** What was asked for. */
  public enum Kind {
    /** Matching rows are read again into the current epoch. */
    BACKFILL,
    /** New slot, new snapshots of everything. */
    RESET_ALL,
    /** One transaction is left out. */
    SKIP,
    /** A run beside the schedule; the request has the run's id. */
    START
  }

  /** In order of progress. */
  public enum State {
    REQUESTED,
    /** Withdrawn by an operator; a run that had begun it may still do it. */
    CANCELLED,
    DONE,
    /** It cannot be carried out as asked; it is not tried again. */
    FAILED
  }

  /**
   * What became of it so far.
   *
   * @param batch batch that it used, null until then
   * @param rows rows read, reset or skipped; null until then
   * @param errorCode why it failed, such as {@code GKP-001}; null unless it did
   * @param runId the run that carried it out; null until then
   */
  public record Outcome(
      @Nullable Long batch,
      @Nullable Long rows,
      List<String> loadJobs,
      @Nullable String errorCode,
      @Nullable String runId) {
    /** Nothing yet. */
    static final Outcome NONE = new Outcome(null, null, List.of(), null, null);
  }

  /** A request that nobody has carried out yet. */
  public static Request of(
      String id,
      Kind kind,
      @Nullable String table,
      @Nullable String filter,
      Instant at,
      @Nullable String by,
      @Nullable String reason) {
    return new Request(id, kind, table, State.REQUESTED, filter, Outcome.NONE, at, by, reason);
  }

  /** A skip says from the beginning which batch it leaves out, and how much. */
  public static Request skip(
      String id,
      String filter,
      long batch,
      long rows,
      Instant at,
      String by,
      @Nullable String reason) {
    return new Request(
        id,
        Kind.SKIP,
        null,
        State.REQUESTED,
        filter,
        new Outcome(batch, rows, List.of(), null, null),
        at,
        by,
        reason);
  }

  /** Carried out. */
  public Request done(
      long batch, long rows, List<String> loadJobs, @Nullable String run, Instant at) {
    return inState(State.DONE, new Outcome(batch, rows, loadJobs, null, run), at, by, reason);
  }

  /** Given up. */
  public Request failed(String code, @Nullable String run, Instant at) {
    return inState(State.FAILED, new Outcome(null, null, List.of(), code, run), at, by, reason);
  }

  /**
   * Withdrawn.
   *
   * @param canceller who did it
   * @param why in the operator's words; may be null
   */
  public Request cancelled(Instant at, String canceller, @Nullable String why) {
    return inState(State.CANCELLED, Outcome.NONE, at, canceller, why);
  }

  private Request inState(
      State next, Outcome ended, Instant at, @Nullable String who, @Nullable String why) {
    return new Request(id, kind, table, next, filter, ended, at, who, why);
  }
}
