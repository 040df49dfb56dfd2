package io.gkp.serve.view;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The entries of {@code docs/runbook.md}, which the build puts beside the classes. */
public final class Runbook {
  private static final Pattern ENTRY =
      Pattern.compile("(?ms)^### (GKP-\\d{3}) ([^\\n]+)\\n(.*?)(?=^##|\\z)");
  private static final Map<String, Entry> ENTRIES = read();

  private Runbook() {}

  /**
   * One failure's entry, each part in Markdown.
   *
   * @param cause how it comes to it, with the exit code
   * @param alert whether it is worth waking somebody
   */
  public record Entry(String code, String title, String cause, String remedy, String alert) {}

  public static Optional<Entry> entry(String code) {
    return Optional.ofNullable(ENTRIES.get(code));
  }

  private static Map<String, Entry> read() {
    try (InputStream text = Runbook.class.getResourceAsStream("/io/gkp/serve/runbook.md")) {
      return parse(new String(text.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Map<String, Entry> parse(String text) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    Matcher matcher = ENTRY.matcher(text);
    while (matcher.find()) {
      String body = matcher.group(3);
      entries.put(
          matcher.group(1),
          new Entry(
              matcher.group(1),
              matcher.group(2).strip(),
              part(body, "Cause: ", "Remedy: "),
              part(body, "Remedy: ", "Alert: "),
              part(body, "Alert: ", null)));
    }
    return entries;
  }

  private static String part(String body, String from, @Nullable String to) {
    int start = body.indexOf(from) + from.length();
    int end = to == null ? -1 : body.indexOf(to);
    return body.substring(start, end < start ? body.length() : end).strip();
  }
}
