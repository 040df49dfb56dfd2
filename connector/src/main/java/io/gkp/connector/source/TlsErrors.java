package io.gkp.connector.source;

import static java.util.Objects.requireNonNullElse;

import io.gkp.connector.config.SourceConfig;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.io.FileNotFoundException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/** Connections that failed for their encryption, told from those that found nobody. */
final class TlsErrors {
  private TlsErrors() {}

  /** Empty where the error has another reason. */
  static Optional<ExportException> of(SourceConfig source, SQLException error) {
    if (has(error, CertificateException.class)
        || has(error, CertPathBuilderException.class)
        || has(error, CertPathValidatorException.class)) {
      return Optional.of(
          failure(
              source,
              "its certificate is expired, or signed by an authority that is not in sslrootcert",
              "Give the authority's certificate as sslrootcert=FILE in the source's URL"
                  + " (sslrootcert=system for a public one), or renew the server's.",
              error));
    }
    if (has(error, FileNotFoundException.class)) {
      return Optional.of(
          failure(
              source,
              "a file of sslrootcert, sslcert or sslkey cannot be read",
              source.options().containsKey("sslrootcert")
                  ? "Correct its path in the source's URL."
                  : "Add the authority's certificate to the source's URL as sslrootcert=FILE, or"
                      + " sslrootcert=system where a public authority signed the server's. Without"
                      + " sslmode in the URL, sslmode=verify-full holds off this machine.",
              error));
    }
    if (has(error, SSLException.class) || has(error, GeneralSecurityException.class)) {
      return Optional.of(
          failure(
              source,
              "the handshake did not succeed",
              "Look at the server's log for the reason.",
              error));
    }
    return ofDriver(source, error);
  }

  /**
   * The driver itself refused, before it sent the password. It gives no reason but its sentence,
   * which depends on the JVM's language.
   */
  private static Optional<ExportException> ofDriver(SourceConfig source, SQLException error) {
    boolean refused =
        error instanceof PSQLException driver
            && driver.getServerErrorMessage() == null
            && driver.getCause() == null;
    if (refused
        && PSQLState.CONNECTION_REJECTED.getState().equals(error.getSQLState())
        && requireNonNullElse(error.getMessage(), "")
            .contains("SSL")) { // in every language; it may be the password, too
      return Optional.of(
          failure(
              source,
              "the server does not offer it",
              "Switch ssl on in postgresql.conf; sslmode=disable gives rows and password away.",
              error));
    }
    if (refused
        && PSQLState.CONNECTION_FAILURE.getState().equals(error.getSQLState())
        && "verify-full".equals(source.options().get("sslmode"))) {
      return Optional.of(
          failure(
              source,
              "its certificate is for another host than " + source.host(),
              "Use the name that the certificate has in the source's URL.",
              error));
    }
    return Optional.empty();
  }

  private static ExportException failure(
      SourceConfig source, String what, String remedy, SQLException cause) {
    return new ExportException(
        Failure.SOURCE_TLS,
        "TLS to Postgres at " + source.describe() + " failed: " + what + ".",
        remedy,
        cause);
  }

  private static boolean has(Throwable error, Class<? extends Throwable> type) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }
}
