package io.gkp.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes load jobs of rows off the local BigQuery, says of each that it has loaded once its time has
 * passed, and forgets the rows. All else goes through; load jobs into the export's own tables take
 * as long.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/reference/api-uploads">uploads</a>
 */
final class Sink extends Filter {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern UPLOAD = Pattern.compile("[?&]upload_id=([^&]+)");
  private static final Pattern JOB = Pattern.compile("/jobs/([^/?]+)");
  private static final Pattern RANGE = Pattern.compile("bytes (?:\\d+-(\\d+)|\\*)/(\\d+|\\*)");

  private static final int OK = 200;
  private static final int INCOMPLETE = 308;

  /** What an export has sent. */
  record Load(double jobs, double bytes, double busyMillis) {}

  private final Map<String, ObjectNode> open = new ConcurrentHashMap<>();
  private final Map<String, Loading> jobs = new ConcurrentHashMap<>();
  private final LoadTime time;
  private final Busy busy = new Busy();
  private volatile boolean measuring;

  /** How long a load job takes. */
  interface LoadTime {
    LoadTime NONE = () -> 0;

    long nextMillis();
  }

  /** A job, and when it is done. */
  private record Loading(ObjectNode job, long doneAt) {}

  Sink(LoadTime time) {
    this.time = time;
  }

  @Override
  public String description() {
    return "forgets rows";
  }

  /** From now on jobs take their time, and are counted. */
  void measure() {
    measuring = true;
    busy.reset();
  }

  private long nextMillis() {
    return measuring ? time.nextMillis() : 0;
  }

  Load load() {
    return busy.load();
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    String uri = exchange.getRequestURI().toString();
    Matcher upload = UPLOAD.matcher(uri);
    Matcher job = JOB.matcher(uri);
    if (upload.find() && open.containsKey(upload.group(1))) {
      chunk(exchange, upload.group(1));
    } else if (uri.contains("uploadType=resumable") && exchange.getRequestMethod().equals("POST")) {
      begin(exchange, chain);
    } else if (job.find() && jobs.containsKey(job.group(1))) {
      answer(exchange, OK, shown(jobs.get(job.group(1))));
    } else {
      if (upload.reset().find()) {
        long millis = nextMillis();
        busy.began(millis);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
      }
      chain.doFilter(exchange);
    }
  }

  private void begin(HttpExchange exchange, Chain chain) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    JsonNode job = JSON.readTree(body);
    if (!job.at("/configuration/load/destinationTable/tableId").asText().startsWith("raw_")) {
      exchange.setStreams(new ByteArrayInputStream(body), null);
      chain.doFilter(exchange);
      return;
    }
    String id = UUID.randomUUID().toString();
    open.put(id, (ObjectNode) job);
    String host = exchange.getRequestHeaders().getFirst("Host");
    String path = exchange.getRequestURI().getPath();
    exchange
        .getResponseHeaders()
        .set("Location", "http://" + host + path + "?uploadType=resumable&upload_id=" + id);
    answer(exchange, OK, null);
  }

  private void chunk(HttpExchange exchange, String id) throws IOException {
    try (InputStream body = exchange.getRequestBody()) {
      busy.sent(body.transferTo(OutputStream.nullOutputStream()));
    }
    Matcher range = RANGE.matcher(exchange.getRequestHeaders().getFirst("Content-Range"));
    if (range.matches() && range.group(2).equals("*")) {
      exchange.getResponseHeaders().set("Range", "bytes=0-" + range.group(1));
      answer(exchange, INCOMPLETE, null);
      return;
    }
    long millis = nextMillis();
    busy.countJob();
    busy.began(millis);
    ObjectNode job = open.remove(id);
    Loading loading = new Loading(job, System.currentTimeMillis() + millis);
    jobs.put(job.at("/jobReference/jobId").asText(), loading);
    answer(exchange, OK, shown(loading));
  }

  private static ObjectNode shown(Loading loading) {
    ObjectNode job = loading.job().deepCopy();
    boolean done = System.currentTimeMillis() >= loading.doneAt();
    job.put("kind", "bigquery#job");
    job.putObject("status").put("state", done ? "DONE" : "RUNNING");
    ObjectNode statistics = job.putObject("statistics");
    statistics.put("creationTime", Long.toString(loading.doneAt()));
    statistics
        .putObject("load")
        .put("outputRows", job.at("/configuration/labels/gkp_rows").asText());
    return job;
  }

  private static void answer(HttpExchange exchange, int status, ObjectNode body)
      throws IOException {
    byte[] bytes = body == null ? new byte[0] : JSON.writeValueAsBytes(body);
    exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }
}
