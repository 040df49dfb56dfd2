package io.gkp.serve.access;

import com.sun.net.httpserver.HttpServer;
import io.gkp.serve.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs tokens as Google does, and publishes the keys; also signs what nobody should believe. */
final class Signer implements AutoCloseable {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private static final String KEY_ID = "key-1";

  private final KeyPair rsa = pair("RSA", 2048);
  private final KeyPair ec = pair("EC", 256);
  private final HttpServer keys;

  Signer() {
    try {
      keys = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    RSAPublicKey rsaKey = (RSAPublicKey) rsa.getPublic();
    ECPublicKey ecKey = (ECPublicKey) ec.getPublic();
    publish(
        "/rsa",
        Map.of(
            "kid",
            KEY_ID,
            "kty",
            "RSA",
            "alg",
            "RS256",
            "use",
            "sig",
            "n",
            number(rsaKey.getModulus(), 256),
            "e",
            number(rsaKey.getPublicExponent(), 3)));
    publish(
        "/ec",
        Map.of(
            "kid",
            KEY_ID,
            "kty",
            "EC",
            "alg",
            "ES256",
            "use",
            "sig",
            "crv",
            "P-256",
            "x",
            number(ecKey.getW().getAffineX(), 32),
            "y",
            number(ecKey.getW().getAffineY(), 32)));
    keys.start();
  }

  private void publish(String path, Map<String, String> key) {
    byte[] body = Json.text(Map.of("keys", List.of(key))).getBytes(StandardCharsets.UTF_8);
    keys.createContext(
        path,
        exchange -> {
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  String rsaKeys() {
    return "http://127.0.0.1:" + keys.getAddress().getPort() + "/rsa";
  }

  String ecKeys() {
    return "http://127.0.0.1:" + keys.getAddress().getPort() + "/ec";
  }

  String rs256(Map<String, Object> claims) {
    return signed("RS256", claims, rsa.getPrivate(), "SHA256withRSA");
  }

  String es256(Map<String, Object> claims) {
    return signed("ES256", claims, ec.getPrivate(), "SHA256withECDSAinP1363Format");
  }

  /** With a key of the signer's own. */
  static String rs256ByStranger(Map<String, Object> claims) {
    return signed("RS256", claims, pair("RSA", 2048).getPrivate(), "SHA256withRSA");
  }

  /** The public key as a shared secret. */
  String hs256(Map<String, Object> claims) {
    String body = body("HS256", claims);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(rsa.getPublic().getEncoded(), "HmacSHA256"));
      return body + "." + BASE64.encodeToString(mac.doFinal(bytes(body)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String unsigned(Map<String, Object> claims) {
    return body("none", claims) + ".";
  }

  private static String signed(
      String algorithm, Map<String, Object> claims, PrivateKey key, String signature) {
    String body = body(algorithm, claims);
    try {
      Signature signer = Signature.getInstance(signature);
      signer.initSign(key);
      signer.update(bytes(body));
      return body + "." + BASE64.encodeToString(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String body(String algorithm, Map<String, Object> claims) {
    String header = Json.text(Map.of("alg", algorithm, "typ", "JWT", "kid", KEY_ID));
    return BASE64.encodeToString(bytes(header))
        + "."
        + BASE64.encodeToString(bytes(Json.text(claims)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String number(BigInteger number, int length) {
    byte[] bytes = number.toByteArray();
    byte[] fixed = new byte[length];
    int copied = Math.min(bytes.length, length);
    System.arraycopy(bytes, bytes.length - copied, fixed, length - copied, copied);
    return BASE64.encodeToString(Arrays.copyOf(fixed, length));
  }

  private static KeyPair pair(String kind, int size) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
      generator.initialize(size);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    keys.stop(0);
  }
}
