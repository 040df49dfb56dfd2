package io.gkp.serve.http;

import io.gkp.failure.ExitCode;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Why a request was not carried out, as HTTP says it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457: problem details</a>
 */
public final class Problem extends RuntimeException {
  public static final String CONTENT_TYPE = "application/problem+json";

  private final int status;
  private final transient Failure failure;
  private final String remedy;
  private final transient Map<String, Object> more;

  public Problem(int status, Failure failure, String detail, String remedy) {
    this(status, failure, detail, remedy, Map.of());
  }

  /**
   * @param more further members
   */
  public Problem(
      int status, Failure failure, String detail, String remedy, Map<String, Object> more) {
    super(detail);
    this.status = status;
    this.failure = failure;
    this.remedy = remedy;
    this.more = more;
  }

  /** What a command of the same kind would have ended with. */
  public static Problem of(ExportException e) {
    int status =
        switch (e.failure().exitCode()) {
          case ExitCode.USAGE -> 422;
          case ExitCode.BUSY -> 409;
          case ExitCode.INTERNAL -> 500;
          default -> 503;
        };
    return new Problem(status, e.failure(), e.getMessage(), e.remedy());
  }

  /** A request that cannot be understood. */
  public static Problem badRequest(String detail, String remedy) {
    return new Problem(400, Failure.BAD_REQUEST, detail, remedy);
  }

  public static Problem notFound(String what) {
    return new Problem(404, Failure.BAD_REQUEST, what, "GET /api/openapi.json says what there is.");
  }

  public int status() {
    return status;
  }

  public Failure failure() {
    return failure;
  }

  public String remedy() {
    return remedy;
  }

  /** The body. */
  public Map<String, Object> json() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "urn:gkp:failure:" + failure.code());
    body.put(
        "title",
        failure.name().charAt(0)
            + failure.name().substring(1).toLowerCase(Locale.ROOT).replace('_', ' '));
    body.put("status", status);
    body.put("detail", getMessage());
    body.put("code", failure.code());
    body.put("remedy", remedy);
    body.putAll(more);
    return body;
  }
}
