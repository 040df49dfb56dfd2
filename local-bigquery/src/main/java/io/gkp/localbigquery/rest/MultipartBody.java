package io.gkp.localbigquery.rest;

import io.gkp.localbigquery.api.ApiException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code multipart/related} body, read part by part without holding one in memory.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2046#section-5.1">RFC 2046, 5.1</a>
 */
final class MultipartBody {
  private static final Pattern BOUNDARY =
      Pattern.compile("boundary=(?:\"([^\"]+)\"|([^;\\s]+))", Pattern.CASE_INSENSITIVE);

  private static final int LONGEST_LINE = 1 << 16;

  private final InputStream in;
  private final byte[] delimiter;

  MultipartBody(InputStream in, Optional<String> contentType) throws IOException {
    Matcher boundary = BOUNDARY.matcher(contentType.orElse(""));
    if (!boundary.find()) {
      throw ApiException.invalid("A multipart upload needs a Content-Type with a boundary.");
    }
    String text = boundary.group(1) == null ? boundary.group(2) : boundary.group(1);
    this.in = new BufferedInputStream(in, 1 << 16);
    this.delimiter = ("\r\n--" + text).getBytes(StandardCharsets.ISO_8859_1);
    skipTo("--" + text);
  }

  private void skipTo(String firstDelimiter) throws IOException {
    String line;
    do {
      line = line();
    } while (!line.stripTrailing().equals(firstDelimiter));
  }

  /** The next part's content, behind its headers; read it up before asking for the next. */
  InputStream next() throws IOException {
    while (!line().isEmpty()) {
      continue; // the part's headers say nothing that we need
    }
    return new Part();
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw ApiException.invalid("The multipart body ends too early.");
      }
      line.write(next);
      if (line.size() > LONGEST_LINE) {
        throw ApiException.invalid("A header line of the multipart body is too long.");
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  /** The last delimiter need not end in a line break. */
  private void skipRestOfDelimiter() throws IOException {
    int next;
    do {
      next = in.read();
    } while (next >= 0 && next != '\n');
  }

  /** Ends before the next delimiter. */
  private final class Part extends InputStream {
    private boolean ended;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = 0;
      while (!ended && count < length) {
        int next = in.read();
        if (next < 0) {
          throw ApiException.invalid("The multipart body ends too early.");
        }
        if (next == delimiter[0] && atDelimiter()) {
          ended = true;
        } else {
          target[offset + count++] = (byte) next;
        }
      }
      return count == 0 && length > 0 ? -1 : count;
    }

    /** Whether the rest of the delimiter follows; consumed if so. */
    private boolean atDelimiter() throws IOException {
      in.mark(delimiter.length);
      byte[] following = in.readNBytes(delimiter.length - 1);
      boolean matches = following.length == delimiter.length - 1;
      for (int i = 0; matches && i < following.length; i++) {
        matches = following[i] == delimiter[i + 1];
      }
      if (matches) {
        skipRestOfDelimiter();
      } else {
        in.reset();
      }
      return matches;
    }
  }
}
