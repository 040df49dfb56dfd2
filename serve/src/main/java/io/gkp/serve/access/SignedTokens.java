package io.gkp.serve.access;

import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.json.webtoken.JsonWebSignature;
import com.google.auth.oauth2.TokenVerifier;
import com.google.auth.oauth2.TokenVerifier.VerificationException;
import java.io.IOException;
import java.util.Locale;

/**
 * Tokens that Google has signed, of one kind. The verifier's own defaults check neither audience
 * nor issuer, and let a token's header choose the keys; so all three are fixed here, and the
 * algorithm.
 *
 * @see <a href="https://cloud.google.com/docs/authentication/token-types#id">ID tokens</a>
 * @see <a href="https://cloud.google.com/iap/docs/signed-headers-howto">IAP's assertions</a>
 */
final class SignedTokens {
  /** What distinguishes the kinds. */
  enum Kind {
    GOOGLE("https://accounts.google.com", "RS256", "https://www.googleapis.com/oauth2/v3/certs"),
    IAP(
        "https://cloud.google.com/iap",
        "ES256",
        "https://www.gstatic.com/iap/verify/public_key-jwk");

    private final String issuer;
    private final String algorithm;
    private final String certificates;

    Kind(String issuer, String algorithm, String certificates) {
      this.issuer = issuer;
      this.algorithm = algorithm;
      this.certificates = certificates;
    }

    String issuer() {
      return issuer;
    }

    String certificates() {
      return certificates;
    }
  }

  private final Kind kind;
  private final TokenVerifier verifier;

  SignedTokens(Kind kind, String audience) {
    this(kind, audience, kind.certificates);
  }

  /**
   * @param certificates where the public keys are
   */
  SignedTokens(Kind kind, String audience, String certificates) {
    this.kind = kind;
    this.verifier =
        TokenVerifier.newBuilder()
            .setAudience(audience)
            .setIssuer(kind.issuer)
            .setCertificatesLocation(certificates)
            .build();
  }

  /**
   * The e-mail address that the token is for, in lower case.
   *
   * @throws VerificationException for whatever is wrong with it; the message has none of the token
   */
  String email(String token) throws VerificationException {
    requireAlgorithm(token);
    JsonWebSignature.Payload payload = verifier.verify(token).getPayload();
    Object email = payload.get("email");
    Object verified = payload.get("email_verified");
    // IAP signs in accounts only, and says nothing about their addresses.
    boolean isVerified =
        verified == null ? kind == Kind.IAP : Boolean.parseBoolean(verified.toString());
    if (!(email instanceof String address) || address.isBlank() || !isVerified) {
      throw new VerificationException("it has no verified e-mail address");
    }
    return address.toLowerCase(Locale.ROOT);
  }

  private void requireAlgorithm(String token) throws VerificationException {
    String algorithm;
    try {
      algorithm =
          JsonWebSignature.parse(GsonFactory.getDefaultInstance(), token)
              .getHeader()
              .getAlgorithm();
    } catch (IOException | RuntimeException e) {
      throw new VerificationException("it is no token");
    }
    if (!kind.algorithm.equals(algorithm)) {
      throw new VerificationException("it is not signed by " + kind.algorithm);
    }
  }
}
