package io.gkp.connector.operations;

import io.gkp.connector.config.Suggestion;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.offsets.Request;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Withdraws a backfill that was asked for and that no run has carried out yet. */
public final class Cancellations {
  private final BothSides sides;
  private final Clock clock;

  public Cancellations(BothSides sides, Clock clock) {
    this.sides = sides;
    this.clock = clock;
  }

  /**
   * The waiting request with this id.
   *
   * @throws ExportException {@code CANCEL_REFUSED} when there is none, or it is not one that can be
   *     withdrawn
   */
  public Request waiting(String id) {
    List<Request> all = sides.requests().all();
    Request request =
        all.stream()
            .filter(candidate -> candidate.id().equals(id))
            .findFirst()
            .orElseThrow(
                () ->
                    refused(
                        "The dataset has no request of that id",
                        Suggestion.among(all.stream().map(Request::id).toList(), id)
                            .map(near -> "Did you mean " + near + "?")
                            .orElse("offsets show lists those that wait.")));
    String kind = lower(request.kind());
    if (request.state() != Request.State.REQUESTED) {
      throw refused(
          "Request " + id + " (" + kind + ") waits no more: it is " + lower(request.state()),
          "offsets history has what became of it.");
    }
    if (request.kind() != Request.Kind.BACKFILL) {
      throw refused(
          "Request " + id + " (" + kind + ") has been begun",
          "Run the same command again, or export-bigquery: it is finished, not undone.");
    }
    return request;
  }

  /**
   * Records that the request is withdrawn; returns when that is durable. A run that has begun it
   * meanwhile finishes it, and it counts as done then.
   *
   * @return session of a run that is going; null where there is none
   */
  public @Nullable String cancel(Request request, String by, @Nullable String reason) {
    sides.requests().record(request.cancelled(clock.instant(), by, reason));
    try {
      BothSides shard = request.table() == null ? sides : sides.of(request.table());
      return shard.slot().lockHolder().orElse(null);
    } catch (SQLException e) {
      throw sides.failure(e);
    }
  }

  private static ExportException refused(String what, String remedy) {
    return new ExportException(Failure.CANCEL_REFUSED, what + "; nothing was changed.", remedy);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
