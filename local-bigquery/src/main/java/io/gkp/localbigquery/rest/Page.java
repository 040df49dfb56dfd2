package io.gkp.localbigquery.rest;

import io.gkp.localbigquery.api.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Part of a list. A page token is the place where the next page starts.
 *
 * @param nextToken {@code null} on the last page
 */
record Page<T>(List<T> items, String nextToken) {
  static <T> Page<T> of(List<T> all, Request request, int defaultSize) {
    long start = start(request);
    long size = request.number("maxResults").orElse((long) defaultSize);
    long end = Math.min(all.size(), start + Math.max(size, 0));
    List<T> items = start >= all.size() ? List.of() : all.subList((int) start, (int) end);
    return new Page<>(items, end < all.size() ? token(end) : null);
  }

  /** Where the request's page starts. */
  static long start(Request request) {
    return request.query("pageToken").map(Page::position).orElse(0L);
  }

  static String token(long position) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(("row:" + position).getBytes(StandardCharsets.US_ASCII));
  }

  private static long position(String token) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.US_ASCII);
      return Long.parseUnsignedLong(text.substring("row:".length()));
    } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
      throw ApiException.invalid("Invalid page token");
    }
  }
}
