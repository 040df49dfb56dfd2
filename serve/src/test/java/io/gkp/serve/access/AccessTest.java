package io.gkp.serve.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.serve.http.Json;
import io.gkp.serve.http.Problem;
import io.javalin.Javalin;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AccessTest {
  private static final String AUDIENCE = "https://export.example";
  private static final String IAP_AUDIENCE = "/projects/1/global/backendServices/2";
  private static final String ADMIN_TOKEN = "a".repeat(32);
  private static final String VIEWER_TOKEN = "v".repeat(32);
  private static final String GOOGLE = "https://accounts.google.com";
  private static final String IAP = "https://cloud.google.com/iap";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static Signer signer;
  private static Javalin server;

  @BeforeAll
  static void start() {
    signer = new Signer();
    AccessConfig config =
        new AccessConfig(
            Set.of("admin@example.com"),
            Set.of("viewer@example.com"),
            Optional.of(AUDIENCE),
            Optional.of(IAP_AUDIENCE),
            Optional.of(ADMIN_TOKEN),
            Optional.of(VIEWER_TOKEN),
            Optional.empty());
    Access access =
        new Access(
            config,
            true,
            1,
            Optional.of(new SignedTokens(SignedTokens.Kind.GOOGLE, AUDIENCE, signer.rsaKeys())),
            Optional.of(new SignedTokens(SignedTokens.Kind.IAP, IAP_AUDIENCE, signer.ecKeys())));
    server =
        Javalin.create(
                it -> {
                  it.startup.showJavalinBanner = false;
                  it.jetty.host = "127.0.0.1";
                  it.routes.beforeMatched(access::check);
                  it.routes.get("/look", c -> c.result(Caller.of(c).name()), Role.VIEWER);
                  it.routes.post("/change", c -> c.result("done"), Role.ADMIN);
                  it.routes.get("/unnamed", c -> c.result("forgotten"));
                  it.routes.post("/session", c -> access.signIn(c, c.body()), Role.ANYBODY);
                  it.routes.exception(
                      Problem.class,
                      (problem, c) -> c.status(problem.status()).result(Json.text(problem.json())));
                })
            .start(0);
  }

  @AfterAll
  static void stop() {
    server.stop();
    signer.close();
  }

  /** Claims of a good token, with some changed; null takes one away. */
  private static Map<String, Object> claims(
      String issuer, String audience, String email, Object... changes) {
    Map<String, Object> claims = new TreeMap<>();
    claims.put("iss", issuer);
    claims.put("aud", audience);
    claims.put("email", email);
    claims.put("email_verified", true);
    claims.put("sub", "1");
    claims.put("iat", Instant.now().getEpochSecond() - 10);
    claims.put("exp", Instant.now().getEpochSecond() + 600);
    for (int i = 0; i < changes.length; i += 2) {
      claims.put((String) changes[i], changes[i + 1]);
    }
    claims.values().removeIf(value -> value.equals(""));
    return claims;
  }

  private static Map<String, Object> google(String email, Object... changes) {
    return claims(GOOGLE, AUDIENCE, email, changes);
  }

  private static Map<String, Object> iap(String email, Object... changes) {
    return claims(IAP, IAP_AUDIENCE, email, changes);
  }

  private static HttpResponse<String> send(String method, String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .method(
                method,
                path.equals("/session")
                    ? HttpRequest.BodyPublishers.ofString(ADMIN_TOKEN)
                    : HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static int look(String token) {
    return send("GET", "/look", "Authorization", "Bearer " + token).statusCode();
  }

  private static int change(String... headers) {
    List<String> all = new ArrayList<>(Arrays.asList(headers));
    all.addAll(List.of("X-GKP-Request", "1"));
    return send("POST", "/change", all.toArray(String[]::new)).statusCode();
  }

  private static int lookByIap(String assertion) {
    return send("GET", "/look", "X-Goog-IAP-JWT-Assertion", assertion).statusCode();
  }

  @Test
  void eachKindOfCredentialLetsIn() {
    assertThat(look(signer.rs256(google("Viewer@example.com")))).isEqualTo(200);
    assertThat(lookByIap(signer.es256(iap("viewer@example.com")))).isEqualTo(200);
    assertThat(lookByIap(signer.es256(iap("viewer@example.com", "email_verified", ""))))
        .isEqualTo(200);
    assertThat(look(VIEWER_TOKEN)).isEqualTo(200);
    assertThat(change("Authorization", "Bearer " + ADMIN_TOKEN)).isEqualTo(200);
    assertThat(change("Authorization", "Bearer " + signer.rs256(google("admin@example.com"))))
        .isEqualTo(200);
  }

  @Test
  void forgedIdTokensAreRefused() {
    String viewer = "viewer@example.com";
    long past = Instant.now().getEpochSecond() - 600;
    assertThat(
            Map.of(
                "wrong audience", look(signer.rs256(google(viewer, "aud", "https://other"))),
                "no audience", look(signer.rs256(google(viewer, "aud", ""))),
                "wrong issuer", look(signer.rs256(google(viewer, "iss", "https://evil"))),
                "no issuer", look(signer.rs256(google(viewer, "iss", ""))),
                "expired", look(signer.rs256(google(viewer, "exp", past))),
                "HS256 with the public key", look(signer.hs256(google(viewer))),
                "alg none", look(Signer.unsigned(google(viewer))),
                "somebody else's key", look(Signer.rs256ByStranger(google(viewer))),
                "unverified address", look(signer.rs256(google(viewer, "email_verified", false))),
                "nothing said of it", look(signer.rs256(google(viewer, "email_verified", "")))))
        .allSatisfy((what, status) -> assertThat(status).as(what).isEqualTo(401));
    assertThat(look(signer.rs256(google(viewer, "email", "")))).isEqualTo(401);
    assertThat(look("no.token.atall")).isEqualTo(401);
  }

  @Test
  void assertionsAreRefusedWhereTokensAreExpectedAndTheOtherWayRound() {
    String viewer = "viewer@example.com";
    assertThat(look(signer.es256(iap(viewer)))).isEqualTo(401);
    assertThat(look(signer.es256(google(viewer)))).isEqualTo(401);
    assertThat(lookByIap(signer.rs256(google(viewer)))).isEqualTo(401);
    assertThat(lookByIap(signer.rs256(iap(viewer)))).isEqualTo(401);
    assertThat(lookByIap(signer.es256(iap(viewer, "aud", AUDIENCE)))).isEqualTo(401);
    assertThat(lookByIap(signer.es256(iap(viewer, "iss", GOOGLE)))).isEqualTo(401);
    assertThat(lookByIap(signer.es256(iap(viewer, "email_verified", false)))).isEqualTo(401);
  }

  @Test
  void addressesThatNobodyHasSignedAreNotBelieved() {
    assertThat(
            send(
                    "GET",
                    "/look",
                    "X-Goog-Authenticated-User-Email",
                    "accounts.google.com:admin@example.com",
                    "X-Forwarded-Email",
                    "admin@example.com")
                .statusCode())
        .isEqualTo(401);
  }

  @Test
  void whoIsKnownMayDoWhatTheRoleAllows() {
    assertThat(look(signer.rs256(google("stranger@example.com")))).isEqualTo(403);
    assertThat(change("Authorization", "Bearer " + VIEWER_TOKEN)).isEqualTo(403);
    assertThat(change("Authorization", "Bearer " + signer.rs256(google("viewer@example.com"))))
        .isEqualTo(403);
    assertThat(send("GET", "/unnamed", "Authorization", "Bearer " + ADMIN_TOKEN).statusCode())
        .as("a route without a role")
        .isEqualTo(403);
  }

  @Test
  void otherSitesCannotChangeAnything() {
    String bearer = "Bearer " + ADMIN_TOKEN;
    assertThat(send("POST", "/change", "Authorization", bearer).statusCode())
        .as("without the header")
        .isEqualTo(403);
    assertThat(change("Authorization", bearer, "Origin", "https://evil.example")).isEqualTo(403);
    assertThat(change("Authorization", bearer, "Origin", "null")).isEqualTo(403);
    assertThat(change("Authorization", bearer, "Sec-Fetch-Site", "cross-site")).isEqualTo(403);
    assertThat(change("Authorization", bearer, "Sec-Fetch-Site", "same-site")).isEqualTo(403);
    assertThat(change("Authorization", bearer, "Origin", "http://127.0.0.1:" + server.port()))
        .isEqualTo(200);
  }

  @Test
  void namesOfOtherSitesThatLeadHereAreRefused() throws IOException {
    assertThat(statusForHost("evil.example")).contains(" 421 ");
    assertThat(statusForHost("127.0.0.1.evil.example")).contains(" 421 ");
    assertThat(statusForHost("localhost:" + server.port())).contains(" 200 ");
    assertThat(statusForHost("[::1]:" + server.port())).contains(" 200 ");
  }

  private static String statusForHost(String host) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      socket
          .getOutputStream()
          .write(
              ("GET /look HTTP/1.1\r\nHost: "
                      + host
                      + "\r\nAuthorization: Bearer "
                      + VIEWER_TOKEN
                      + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .findFirst()
          .orElse("");
    }
  }

  @Test
  void aTokenIsExchangedForACookieThatNoScriptAndNoOtherSiteGets() {
    HttpResponse<String> signedIn = send("POST", "/session", "X-GKP-Request", "1");
    String cookie = signedIn.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(cookie)
        .contains("HttpOnly", "SameSite=Strict", "Path=/")
        .doesNotContain(ADMIN_TOKEN);
    String pair = cookie.substring(0, cookie.indexOf(';'));
    assertThat(change("Cookie", pair)).isEqualTo(200);

    assertThat(change("Cookie", pair.replace("ADMIN", "VIEWER"))).isEqualTo(401);
    assertThat(change("Cookie", pair.substring(0, pair.length() - 1))).isEqualTo(401);
    assertThat(change("Cookie", pair.replaceFirst("ADMIN\\.\\d+", "ADMIN.99999999999")))
        .isEqualTo(401);
    assertThat(change("Cookie", "gkp_session_1=x")).isEqualTo(401);
  }
}
