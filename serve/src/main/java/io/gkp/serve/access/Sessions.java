package io.gkp.serve.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Bearer tokens, and what a browser gets for one: a cookie that holds its end, signed with the
 * token. So nothing is kept on the server, a restart ends no session, and another token ends all.
 */
final class Sessions {
  static final Duration LASTS = Duration.ofHours(12);
  private static final String HMAC = "HmacSHA256";
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final Optional<String> admin;
  private final Optional<String> viewer;
  private final Clock clock;

  Sessions(Optional<String> admin, Optional<String> viewer, Clock clock) {
    this.admin = admin;
    this.viewer = viewer;
    this.clock = clock;
  }

  /** Who has this token; takes the same time whatever it is. */
  Optional<Caller> ofToken(String token) {
    boolean isAdmin = equal(admin, token);
    boolean isViewer = equal(viewer, token);
    return isAdmin
        ? Optional.of(caller(Role.ADMIN))
        : isViewer ? Optional.of(caller(Role.VIEWER)) : Optional.empty();
  }

  /** The cookie for somebody who has shown a token. */
  String cookie(Caller caller) {
    String what = caller.role() + "." + clock.instant().plus(LASTS).getEpochSecond();
    return what + "." + signature(what, key(caller.role()).orElseThrow());
  }

  /** Who has this cookie; empty when it is over, or none of ours. */
  Optional<Caller> ofCookie(String cookie) {
    String[] parts = cookie.split("\\.", -1);
    if (parts.length != 3 || !parts[1].matches("[0-9]{1,12}")) {
      return Optional.empty();
    }
    for (Role role : new Role[] {Role.ADMIN, Role.VIEWER}) {
      if (role.name().equals(parts[0])
          && key(role).isPresent()
          && equal(Optional.of(signature(parts[0] + "." + parts[1], key(role).get())), parts[2])
          && Instant.ofEpochSecond(Long.parseLong(parts[1])).isAfter(clock.instant())) {
        return Optional.of(caller(role));
      }
    }
    return Optional.empty();
  }

  private Optional<String> key(Role role) {
    return role == Role.ADMIN ? admin : viewer;
  }

  private static Caller caller(Role role) {
    return new Caller(role == Role.ADMIN ? "admin token" : "viewer token", role);
  }

  private static String signature(String what, String key) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(("session " + key).getBytes(StandardCharsets.UTF_8), HMAC));
      return BASE64.encodeToString(mac.doFinal(what.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Compares digests: the time tells neither how much is right nor how long the secret is. */
  private static boolean equal(Optional<String> secret, String given) {
    return MessageDigest.isEqual(digest(secret.orElse("")), digest(given)) && secret.isPresent();
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
