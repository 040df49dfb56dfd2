package io.gkp.serve.access;

import io.gkp.failure.Failure;
import io.gkp.name.Loopback;
import io.gkp.serve.http.Problem;
import io.javalin.http.Context;
import java.net.URI;
import java.util.Optional;

/**
 * Refuses what another site makes a browser send.
 *
 * <ul>
 *   <li>A server on loopback answers to names of loopback only: a site that lets its own name lead
 *       to 127.0.0.1 (DNS rebinding) sends that name.
 *   <li>A request that changes something has a header that forms and links cannot have, and where
 *       the browser says from which site it comes, that is this one.
 * </ul>
 *
 * @see <a
 *     href="https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html">OWASP:
 *     cross-site request forgery</a>
 */
final class SameOrigin {
  /** Any text will do. */
  static final String HEADER = "X-GKP-Request";

  private final boolean isOnLoopback;
  private final Optional<URI> url;

  SameOrigin(boolean isOnLoopback, Optional<URI> url) {
    this.isOnLoopback = isOnLoopback;
    this.url = url;
  }

  void requireHost(Context context) {
    String host = context.header("Host");
    boolean isOurs =
        host != null
            && (url.map(known -> known.getRawAuthority().equalsIgnoreCase(host)).orElse(false)
                || (isOnLoopback ? Loopback.is(withoutPort(host)) : url.isEmpty()));
    if (!isOurs) {
      throw new Problem(
          421,
          Failure.CROSS_SITE,
          "This server does not answer to that host name.",
          isOnLoopback
              ? "Use localhost, or set GKP_SERVE_URL to the address that browsers use."
              : "Use the address of GKP_SERVE_URL.");
    }
  }

  void requireSameSite(Context context) {
    String site = context.header("Sec-Fetch-Site");
    String origin = context.header("Origin");
    boolean isForeign =
        (site != null && !site.equals("same-origin") && !site.equals("none"))
            || (origin != null && !isOurs(origin, context.header("Host")));
    if (isForeign) {
      throw new Problem(
          403,
          Failure.CROSS_SITE,
          "The request comes from another site.",
          "Use this server's own page, or a client that is no browser.");
    }
    if (context.header(HEADER) == null) {
      throw new Problem(
          403,
          Failure.CROSS_SITE,
          "The request lacks the header " + HEADER + ".",
          "Send " + HEADER + ": 1 with everything that changes something.");
    }
  }

  /** The scheme is known only where it was configured: a proxy may have ended TLS. */
  private boolean isOurs(String origin, String host) {
    if (url.isPresent()) {
      URI known = url.get();
      if (origin.equalsIgnoreCase(known.getScheme() + "://" + known.getRawAuthority())) {
        return true;
      }
      if (!isOnLoopback) {
        return false;
      }
    }
    return origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host);
  }

  private static String withoutPort(String host) {
    return host.replaceFirst(":[0-9]{1,5}$", "");
  }
}
