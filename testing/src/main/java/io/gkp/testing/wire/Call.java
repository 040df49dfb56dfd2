package io.gkp.testing.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * One request of a run, by what it means to the recovery protocol.
 *
 * @param job the job it is about, without the attempt; empty where it is about none
 * @param attempt the job's attempt, -1 where it has none
 */
public record Call(Kind kind, String job, int attempt, HttpExchange exchange) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern JOB = Pattern.compile("/jobs/([^/?]+)");
  private static final Pattern PART =
      Pattern.compile("gkp_[a-z0-9]{10}_\\d+_(?:run-[^_]+_)?(.+)_p(\\d+)");

  private static final Pattern ATTEMPT = Pattern.compile("(.*)_a(\\d+)");

  public enum Kind {
    /** Opens a resumable upload; carries the job's configuration. */
    OPEN_UPLOAD,
    /** Sends the content; the job is created when all of it has come. */
    UPLOAD,
    /** Creates a job that needs no content: a query, or a marker. */
    CREATE_JOB,
    GET_JOB,
    OTHER
  }

  /** The job's whole id. */
  public String id() {
    return attempt < 0 ? job : job + "_a" + attempt;
  }

  /** Whether it loads, or asks about the load of, rows of a raw table. */
  public boolean isPart() {
    return PART.matcher(job).matches();
  }

  /** Whether it is about this part of that raw table, whatever the batch. */
  public boolean isPart(String table, int part) {
    Matcher matcher = PART.matcher(job);
    return matcher.matches()
        && matcher.group(1).equals(table)
        && Integer.parseInt(matcher.group(2)) == part;
  }

  public boolean isPartFrom(int part) {
    Matcher matcher = PART.matcher(job);
    return matcher.matches() && Integer.parseInt(matcher.group(2)) >= part;
  }

  public boolean isAttempt(int number) {
    return attempt == number;
  }

  public boolean isCheckpoint() {
    return job.endsWith("_checkpoint");
  }

  /** What it asks for, in words that are the same in every run. */
  public String line() {
    String path = exchange.getRequestURI().getPath().replaceFirst(".*/projects/[^/]+", "");
    return (exchange.getRequestMethod() + " " + path + (job.isEmpty() ? "" : " " + id()))
        .replaceAll("gkp_[a-z0-9]{10}_", "gkp_")
        .replaceAll("run-[0-9a-f-]+", "run")
        .replaceAll("/anon[0-9a-f]+/", "/anon/")
        .replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "random");
  }

  /** The n-th request of those. */
  public static Predicate<Call> nth(int n, Predicate<Call> which) {
    AtomicInteger seen = new AtomicInteger();
    return call -> which.test(call) && seen.incrementAndGet() == n;
  }

  public boolean is(Kind wanted) {
    return kind == wanted;
  }

  /**
   * @param uploads id of the job by upload
   */
  static Call of(HttpExchange exchange, Map<String, String> uploads) throws IOException {
    String method = exchange.getRequestMethod();
    String uri = exchange.getRequestURI().toString();
    boolean upload = uri.contains("/upload/");
    if (upload && uri.contains("upload_id=")) {
      String id = uri.replaceFirst(".*upload_id=([^&]+).*", "$1");
      return of(Kind.UPLOAD, uploads.getOrDefault(id, ""), exchange);
    }
    if (method.equals("POST") && (upload || uri.matches(".*/jobs(\\?.*)?"))) {
      String job = jobInBody(exchange);
      return of(upload ? Kind.OPEN_UPLOAD : Kind.CREATE_JOB, job, exchange);
    }
    Matcher job = JOB.matcher(uri);
    if (method.equals("GET") && job.find()) {
      return of(Kind.GET_JOB, job.group(1), exchange);
    }
    return of(Kind.OTHER, "", exchange);
  }

  private static String jobInBody(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    exchange.setStreams(new ByteArrayInputStream(body), null);
    InputStream plain = new ByteArrayInputStream(body);
    if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
      plain = new GZIPInputStream(plain);
    }
    JsonNode reference = JSON.readTree(plain).path("jobReference");
    return reference.path("jobId").asText("");
  }

  private static Call of(Kind kind, String id, HttpExchange exchange) {
    Matcher attempt = ATTEMPT.matcher(id);
    return attempt.matches()
        ? new Call(kind, attempt.group(1), Integer.parseInt(attempt.group(2)), exchange)
        : new Call(kind, id, -1, exchange);
  }
}
