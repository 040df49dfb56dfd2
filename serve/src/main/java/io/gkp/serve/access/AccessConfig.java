package io.gkp.serve.access;

import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * Who may call.
 *
 * @param admins e-mail addresses in lower case
 * @param viewers the same
 * @param google the audience that Google's ID tokens must be for
 * @param iap the audience that assertions of Identity-Aware Proxy must be for
 * @param adminToken a bearer token
 * @param viewerToken a bearer token that may only read
 * @param url where browsers find the server, when that is not where it listens
 */
public record AccessConfig(
    Set<String> admins,
    Set<String> viewers,
    Optional<String> google,
    Optional<String> iap,
    Optional<String> adminToken,
    Optional<String> viewerToken,
    Optional<URI> url) {
  /** Shorter ones can be guessed. */
  public static final int SHORTEST_TOKEN = 24;

  public AccessConfig {
    admins = Set.copyOf(admins);
    viewers = Set.copyOf(viewers);
  }

  /** Nobody yet. */
  public static final AccessConfig NONE =
      new AccessConfig(
          Set.of(),
          Set.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /** The same, with a token for everything. */
  public AccessConfig withAdminToken(String token) {
    return new AccessConfig(admins, viewers, google, iap, Optional.of(token), viewerToken, url);
  }

  /** Whether there is any way to prove who one is. */
  public boolean isProtected() {
    return google.isPresent()
        || iap.isPresent()
        || adminToken.isPresent()
        || viewerToken.isPresent();
  }
}
