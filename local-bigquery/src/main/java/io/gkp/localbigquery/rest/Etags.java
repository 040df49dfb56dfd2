package io.gkp.localbigquery.rest;

import io.gkp.localbigquery.api.ApiException;

/** Conditional changes. */
final class Etags {
  private Etags() {}

  /** Whether the client has this version already, so that 304 is the answer. */
  static boolean isKnown(Request request, String etag) {
    return request
        .header("If-None-Match")
        .filter(known -> known.equals("*") || known.replace("\"", "").equals(etag))
        .isPresent();
  }

  /** Throws {@code conditionNotMet} (412) where the request is meant for another version. */
  static void check(Request request, String etag) {
    request
        .header("If-Match")
        .filter(expected -> !expected.equals("*") && !expected.replace("\"", "").equals(etag))
        .ifPresent(
            expected -> {
              throw new ApiException(
                  412, "conditionNotMet", "Precondition check failed.", "If-Match");
            });
  }
}
