package io.gkp.connector.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One request of a run, by what it means to the recovery protocol.
 *
 * @param job the job it is about, without the attempt; empty where it is about none
 */
record Call(Kind kind, String job, HttpExchange exchange) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern JOB = Pattern.compile("/jobs/([^/?]+)");
  private static final Pattern PART = Pattern.compile("gkp_[a-z0-9]{10}_\\d+_(.+)_p(\\d+)");

  enum Kind {
    /** Opens a resumable upload; carries the job's configuration. */
    OPEN_UPLOAD,
    /** Sends the content; the job is created when all of it has come. */
    UPLOAD,
    /** Creates a job that needs no content: a query, or a marker. */
    CREATE_JOB,
    GET_JOB,
    OTHER
  }

  /** Whether it loads, or asks about the load of, rows of a raw table. */
  boolean isPart() {
    return PART.matcher(job).matches();
  }

  /** Whether it is about this part of that raw table, whatever the batch. */
  boolean isPart(String table, int part) {
    Matcher matcher = PART.matcher(job);
    return matcher.matches()
        && matcher.group(1).equals(table)
        && Integer.parseInt(matcher.group(2)) == part;
  }

  boolean isPartFrom(int part) {
    Matcher matcher = PART.matcher(job);
    return matcher.matches() && Integer.parseInt(matcher.group(2)) >= part;
  }

  boolean isCheckpoint() {
    return job.endsWith("_checkpoint");
  }

  boolean is(Kind wanted) {
    return kind == wanted;
  }

  /**
   * @param uploads job by upload id
   */
  static Call of(HttpExchange exchange, Map<String, String> uploads) throws IOException {
    String method = exchange.getRequestMethod();
    String uri = exchange.getRequestURI().toString();
    boolean upload = uri.contains("/upload/");
    if (upload && uri.contains("upload_id=")) {
      String id = uri.replaceFirst(".*upload_id=([^&]+).*", "$1");
      return new Call(Kind.UPLOAD, withoutAttempt(uploads.getOrDefault(id, "")), exchange);
    }
    if (method.equals("POST") && (upload || uri.matches(".*/jobs(\\?.*)?"))) {
      String job = jobInBody(exchange);
      return new Call(upload ? Kind.OPEN_UPLOAD : Kind.CREATE_JOB, withoutAttempt(job), exchange);
    }
    Matcher job = JOB.matcher(uri);
    if (method.equals("GET") && job.find()) {
      return new Call(Kind.GET_JOB, withoutAttempt(job.group(1)), exchange);
    }
    return new Call(Kind.OTHER, "", exchange);
  }

  private static String jobInBody(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    exchange.setStreams(new ByteArrayInputStream(body), null);
    java.io.InputStream plain = new ByteArrayInputStream(body);
    if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
      plain = new java.util.zip.GZIPInputStream(plain);
    }
    JsonNode reference = JSON.readTree(plain).path("jobReference");
    return reference.path("jobId").asText("");
  }

  private static String withoutAttempt(String job) {
    return job.replaceFirst("_a\\d+$", "");
  }
}
