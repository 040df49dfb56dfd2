package io.gkp.serve.access;

import com.google.auth.oauth2.TokenVerifier.VerificationException;
import io.gkp.failure.Failure;
import io.gkp.serve.http.Problem;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place that decides whether a request is carried out. It reads no body, so that who has no
 * business here costs nothing.
 *
 * <p>Nothing that a client or a proxy writes without signing it is believed, an e-mail address in a
 * header above all.
 */
public final class Access {
  private static final Logger log = LoggerFactory.getLogger(Access.class);
  private static final String BEARER = "Bearer ";
  private static final String IAP_HEADER = "X-Goog-IAP-JWT-Assertion";
  private static final Set<String> READING = Set.of("GET", "HEAD");

  private final AccessConfig config;
  private final Optional<SignedTokens> google;
  private final Optional<SignedTokens> iap;
  private final Sessions sessions;
  private final SameOrigin sameOrigin;
  private final String cookieName;

  /**
   * @param isOnLoopback whether only this machine can reach the server
   * @param port makes the cookie's name: to a browser all ports of a host are one site
   */
  public Access(AccessConfig config, boolean isOnLoopback, int port) {
    this(
        config,
        isOnLoopback,
        port,
        config.google().map(audience -> new SignedTokens(SignedTokens.Kind.GOOGLE, audience)),
        config.iap().map(audience -> new SignedTokens(SignedTokens.Kind.IAP, audience)));
  }

  Access(
      AccessConfig config,
      boolean isOnLoopback,
      int port,
      Optional<SignedTokens> google,
      Optional<SignedTokens> iap) {
    this.config = config;
    this.google = google;
    this.iap = iap;
    this.sessions = new Sessions(config.adminToken(), config.viewerToken(), Clock.systemUTC());
    this.sameOrigin = new SameOrigin(isOnLoopback, config.url());
    this.cookieName = "gkp_session_" + port;
  }

  /**
   * Lets the request through, with its caller attached.
   *
   * @throws Problem 401, 403 or 421
   */
  public void check(Context context) {
    try {
      admit(context);
    } catch (Problem refusal) {
      log.warn(
          "Refused {} {} from {}{}: {} [{}]",
          context.method(),
          context.path().replaceAll("\\p{C}", "?"), // what would write lines of its own
          context.ip(),
          Caller.of(context) == null ? "" : " by " + Caller.of(context).name(),
          refusal.getMessage(),
          refusal.failure().code());
      throw refusal;
    }
  }

  private void admit(Context context) {
    Role needed =
        context.routeRoles().stream()
            .map(Role.class::cast)
            .findFirst()
            .orElseThrow(
                () ->
                    new Problem(
                        403, Failure.FORBIDDEN, "Nobody may do this.", "Nothing can be done."));
    if (needed == Role.ANYBODY && READING.contains(context.req().getMethod())) {
      return;
    }
    sameOrigin.requireHost(context);
    if (!READING.contains(context.req().getMethod())) {
      sameOrigin.requireSameSite(context);
    }
    if (needed == Role.ANYBODY) {
      return;
    }
    Caller caller = authenticate(context);
    caller.attach(context);
    if (caller.role().compareTo(needed) < 0) {
      throw new Problem(
          403,
          Failure.FORBIDDEN,
          caller.name() + " may not do this.",
          caller.role() == Role.ANYBODY
              ? "Have the address added to GKP_SERVE_ADMINS or GKP_SERVE_VIEWERS."
              : "It takes an admin.");
    }
  }

  private Caller authenticate(Context context) {
    String assertion = context.header(IAP_HEADER);
    if (assertion != null && iap.isPresent()) {
      return signed(iap.get(), assertion);
    }
    String authorization = context.header("Authorization");
    if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      String token = authorization.substring(BEARER.length()).strip();
      Optional<Caller> byToken = sessions.ofToken(token);
      if (byToken.isPresent()) {
        return byToken.get();
      }
      if (google.isPresent()) {
        return signed(google.get(), token);
      }
      throw unauthenticated("The token is none that is known here.");
    }
    String cookie = context.cookie(cookieName);
    if (cookie != null) {
      return sessions.ofCookie(cookie).orElseThrow(() -> unauthenticated("The session is over."));
    }
    throw unauthenticated("The request has no credential.");
  }

  private Caller signed(SignedTokens tokens, String token) {
    try {
      String email = tokens.email(token);
      return new Caller(
          email,
          config.admins().contains(email)
              ? Role.ADMIN
              : config.viewers().contains(email) ? Role.VIEWER : Role.ANYBODY);
    } catch (VerificationException e) {
      log.debug("A token was not verified", e);
      throw unauthenticated("The token is not valid.");
    }
  }

  private static Problem unauthenticated(String what) {
    return new Problem(
        401,
        Failure.UNAUTHENTICATED,
        what,
        "Send Authorization: Bearer with a token, or sign in at the page.");
  }

  /** Gives a browser a session for a token. */
  public void signIn(Context context, String token) {
    Caller caller =
        sessions
            .ofToken(token)
            .orElseThrow(
                () -> {
                  log.warn("Refused to sign in from {}: unknown token", context.ip());
                  return unauthenticated("The token is none that is known here.");
                });
    context.cookie(cookie(sessions.cookie(caller), (int) Sessions.LASTS.toSeconds()));
  }

  public void signOut(Context context) {
    context.cookie(cookie("", 0));
  }

  private Cookie cookie(String value, int seconds) {
    boolean isTls = config.url().map(url -> url.getScheme().equals("https")).orElse(false);
    return new Cookie(cookieName, value, "/", seconds, isTls, true, null, SameSite.STRICT);
  }
}
