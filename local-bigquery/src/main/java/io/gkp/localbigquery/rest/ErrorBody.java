package io.gkp.localbigquery.rest;

import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.api.ApiJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON that errors come in.
 *
 * @see <a href="https://cloud.google.com/apis/design/errors#http_mapping">HTTP mapping of
 *     errors</a>
 */
final class ErrorBody {
  private ErrorBody() {}

  static Response of(ApiException e) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("message", e.getMessage());
    detail.put("domain", "global");
    detail.put("reason", e.reason());
    e.location()
        .ifPresent(
            location -> {
              detail.put("location", location);
              detail.put("locationType", "parameter");
            });
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("code", e.httpStatus());
    error.put("message", e.getMessage());
    error.put("errors", List.of(detail));
    error.put("status", status(e.httpStatus()));
    return new Response(e.httpStatus(), Map.of(), ApiJson.write(Map.of("error", error)));
  }

  private static String status(int httpStatus) {
    return switch (httpStatus) {
      case 400, 411, 413 -> "INVALID_ARGUMENT";
      case 403 -> "PERMISSION_DENIED";
      case 404 -> "NOT_FOUND";
      case 409 -> "ALREADY_EXISTS";
      case 412 -> "FAILED_PRECONDITION";
      case 499 -> "CANCELLED";
      case 501 -> "UNIMPLEMENTED";
      case 503 -> "UNAVAILABLE";
      default -> "INTERNAL";
    };
  }
}
