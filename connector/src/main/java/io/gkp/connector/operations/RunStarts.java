package io.gkp.connector.operations;

import io.gkp.connector.export.RunIds;
import io.gkp.offsets.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs that an operator starts beside the schedule: who, when and why stands in the dataset before
 * the run begins. A key that comes again stands for the run that was started for it.
 */
public final class RunStarts {
  private static final int KEY_DIGITS = 12;

  private final BothSides sides;
  private final Clock clock;

  public RunStarts(BothSides sides, Clock clock) {
    this.sides = sides;
    this.clock = clock;
  }

  /**
   * Makes others who want to start a run wait until the connection closes.
   *
   * @throws io.gkp.failure.ExportException {@code SLOT_BUSY} when others do that for too long
   */
  public void exclude() {
    try {
      sides.slot().lockStart();
    } catch (SQLException e) {
      throw sides.failure(e);
    }
  }

  /** The session of the run that is going, whoever started it. */
  public Optional<String> going() {
    try {
      return sides.slot().lockHolder();
    } catch (SQLException e) {
      throw sides.failure(e);
    }
  }

  /** The id of the run that was started for this key. */
  public Optional<String> startedFor(String key) {
    String end = "-" + digits(key);
    return starts().stream().map(Request::id).filter(id -> id.endsWith(end)).findFirst();
  }

  /** What is known of a run that an operator started; empty for others. */
  public Optional<Request> find(String runId) {
    return starts().stream().filter(start -> start.id().equals(runId)).findFirst();
  }

  private List<Request> starts() {
    return sides.requests().all().stream()
        .filter(request -> request.kind() == Request.Kind.START)
        .toList();
  }

  /**
   * Names a run, and records who wants it; returns when that is durable.
   *
   * @param key what stands for this run; null for none
   */
  public String record(@Nullable String key, String by, String reason) {
    String made = RunIds.create(clock);
    String id = key == null ? made : made.substring(0, made.lastIndexOf('-') + 1) + digits(key);
    sides
        .requests()
        .record(
            Request.of(id, Request.Kind.START, null, null, clock.instant(), by, reason)
                .done(0, 0, List.of(), id, clock.instant()));
    return id;
  }

  private static String digits(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, KEY_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
