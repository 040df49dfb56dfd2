package io.gkp.localbigquery.rest;

import com.google.api.services.bigquery.model.Job;
import io.gkp.localbigquery.api.ApiException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One upload in chunks.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/reference/api-uploads">Uploading data</a>
 */
final class ResumableUpload {
  private static final Pattern RANGE = Pattern.compile("bytes (?:(\\d+)-(-?\\d+)|\\*)/(\\d+|\\*)");
  private static final int GRANULARITY = 256 << 10;

  private final Job job;
  private final Path file;
  private final Function<Job, Job> insert;
  private Optional<Response> outcome = Optional.empty();

  /**
   * @param insert makes the job of what was uploaded to the file
   */
  ResumableUpload(Job job, Path file, Function<Job, Job> insert) {
    this.job = job;
    this.file = file;
    this.insert = insert;
  }

  Path file() {
    return file;
  }

  /**
   * Takes a chunk.
   *
   * @param contentRange which bytes of how many; empty for the whole content at once
   * @return 308 with what has come so far, or the job once all has; the same again if asked again
   */
  synchronized Response put(Optional<String> contentRange, InputStream body) throws IOException {
    if (outcome.isPresent()) {
      return outcome.get();
    }
    if (contentRange.isEmpty()) {
      Spool.append(file, body);
      return finish();
    }
    Matcher range = RANGE.matcher(contentRange.get());
    if (!range.matches()) {
      throw ApiException.invalid("Invalid Content-Range: " + contentRange.get());
    }
    boolean last = !range.group(3).equals("*");
    if (range.group(1) != null) {
      long start = Long.parseLong(range.group(1));
      long length = Long.parseLong(range.group(2)) + 1 - start;
      if (length <= 0) {
        return nothing();
      }
      if (!last && length % GRANULARITY != 0) {
        throw ApiException.invalid("Chunks must be multiples of 256 KiB, the last one excepted.");
      }
      append(start, body);
    }
    return last && Files.size(file) == Long.parseLong(range.group(3)) ? finish() : incomplete();
  }

  /** Bytes that came before are passed over; a gap is left for the client to fill. */
  private void append(long start, InputStream body) throws IOException {
    long received = Files.size(file);
    if (start <= received) {
      body.skipNBytes(received - start);
      Spool.append(file, body);
    }
  }

  private Response incomplete() throws IOException {
    long received = Files.size(file);
    return Response.empty(
        308, received == 0 ? Map.of() : Map.of("Range", "bytes=0-" + (received - 1)));
  }

  /** A range of no bytes makes no job, as measured (a client's close after a full last chunk). */
  private Response nothing() {
    return Response.empty(200, Map.of());
  }

  private Response finish() throws IOException {
    Spool.sync(file);
    Response response = Response.ok(insert.apply(job));
    outcome = Optional.of(response);
    return response;
  }
}
