package io.gkp.localbigquery.rest;

import com.sun.net.httpserver.Headers;
import io.gkp.localbigquery.api.ApiException;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Answers programs, and no web page that somebody looks at: the server has no credentials, so a
 * page must not be able to use a browser as its hand.
 *
 * @see <a href="https://fetch.spec.whatwg.org/#cors-safelisted-request-header">what a browser sends
 *     to another origin unasked</a>
 */
final class LocalOnly {
  /** A name that leads here by DNS alone is a page's own name: DNS rebinding. */
  private static final Pattern LOOPBACK =
      Pattern.compile("(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d{1,5})?");

  /**
   * Addresses, and names that nobody can have a page under: those of a container network have no
   * dot, and {@code .internal} is nobody's.
   *
   * @see <a href="https://datatracker.ietf.org/doc/draft-davies-internal-tld/">.internal</a>
   */
  private static final Pattern NETWORK =
      Pattern.compile(
          "(\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+]|[a-z0-9_-]+|([a-z0-9_-]+\\.)+internal)(:\\d{1,5})?");

  private static final Set<String> OF_FORMS =
      Set.of("application/x-www-form-urlencoded", "multipart/form-data", "text/plain");

  private final Pattern hosts;
  private final String remedy;

  private LocalOnly(Pattern hosts, String remedy) {
    this.hosts = hosts;
    this.remedy = remedy;
  }

  /** For a server that listens at this address. */
  static LocalOnly at(InetAddress address) {
    return address.isLoopbackAddress()
        ? new LocalOnly(
            LOOPBACK, "Its Host is not this machine's loopback: use 127.0.0.1 or localhost.")
        : new LocalOnly(
            NETWORK,
            "Its Host may be a page's own name: use an IP address or a name without a dot.");
  }

  /**
   * Lets a request pass.
   *
   * @throws ApiException 403, saying what a program has to send instead
   */
  void check(Headers headers) {
    String host = header(headers, "Host").orElse("");
    if (!hosts.matcher(host).matches()) {
      throw refused(remedy);
    }
    if (headers.containsKey("Origin") || isFromAPage(headers)) {
      throw refused("It comes from a web page.");
    }
    String type = header(headers, "Content-Type").orElse("");
    if (hasPlainBody(headers) && OF_FORMS.contains(type.split(";", 2)[0].strip())) {
      throw refused("Its Content-Type is a form's: send application/json.");
    }
  }

  /**
   * Google's client for Java names a form's type where it sends nothing, which it may send packed;
   * a page cannot name a Content-Encoding unasked.
   */
  private static boolean hasPlainBody(Headers headers) {
    boolean isEmpty =
        !headers.containsKey("Transfer-Encoding")
            && header(headers, "Content-Length").orElse("0").equals("0");
    return !isEmpty && !headers.containsKey("Content-Encoding");
  }

  /** Where a browser says so; a page that was opened by hand says "none". */
  private static boolean isFromAPage(Headers headers) {
    return header(headers, "Sec-Fetch-Site").filter(site -> !site.equals("none")).isPresent();
  }

  private static Optional<String> header(Headers headers, String name) {
    return Optional.ofNullable(headers.getFirst(name)).map(text -> text.toLowerCase(Locale.ROOT));
  }

  private static ApiException refused(String why) {
    return new ApiException(
        403, "accessDenied", "The local BigQuery does not answer this request. " + why);
  }
}
