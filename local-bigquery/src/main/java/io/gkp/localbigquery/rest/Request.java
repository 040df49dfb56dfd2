package io.gkp.localbigquery.rest;

import com.sun.net.httpserver.HttpExchange;
import io.gkp.localbigquery.api.ApiException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** An HTTP request, its path taken apart by the {@link Router}. */
final class Request {
  /** Far more than any metadata; rows come by upload. */
  private static final int LONGEST_JSON = 32 << 20;

  /** As much as the real service takes of one compressed file. */
  private static final long LONGEST_UPLOAD = 4L << 30;

  private final HttpExchange exchange;
  private final Map<String, String> path;
  private final Map<String, String> query;

  Request(HttpExchange exchange, Map<String, String> path) {
    this.exchange = exchange;
    this.path = path;
    this.query = parameters(exchange.getRequestURI().getRawQuery());
  }

  /** A variable of the route's path. */
  String path(String name) {
    return path.get(name);
  }

  Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name)).filter(value -> !value.isEmpty());
  }

  boolean flag(String name) {
    return query(name).map(Boolean::parseBoolean).orElse(false);
  }

  Optional<Long> number(String name) {
    return query(name)
        .map(
            value -> {
              try {
                return Long.valueOf(value);
              } catch (NumberFormatException e) {
                throw ApiException.invalid("Invalid value for " + name + ": " + value);
              }
            });
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }

  /** The body, unpacked; 413 where it is longer than any upload. */
  InputStream body() throws IOException {
    InputStream body = exchange.getRequestBody();
    boolean gzipped =
        header("Content-Encoding").map(encoding -> encoding.equals("gzip")).orElse(false);
    return new Bounded(gzipped ? new GZIPInputStream(body) : body, LONGEST_UPLOAD);
  }

  byte[] json() throws IOException {
    return json(body());
  }

  /** JSON of a length that metadata may have. */
  static byte[] json(InputStream body) throws IOException {
    return new Bounded(body, LONGEST_JSON).readAllBytes();
  }

  <T> T json(Class<T> type) throws IOException {
    return ClientJson.read(json(), type);
  }

  private static Map<String, String> parameters(String raw) {
    Map<String, String> query = new HashMap<>();
    if (raw != null) {
      for (String pair : raw.split("&")) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        query.put(decode(name), equals < 0 ? "" : decode(pair.substring(equals + 1)));
      }
    }
    return query;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
