package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.List;
import java.util.Map;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs against a server that takes the exporter in over TLS alone, by SQL and by replication: one
 * that reaches its fence had both encrypted.
 */
class TlsTest {
  @TempDir static Path directory;

  private static Path authority;
  private static Path stranger;
  private static Server server;
  private static Deployment deployment;

  @BeforeAll
  static void serveWithACertificateForLocalhost() throws IOException {
    HeldCertificate ca = authority("The authority");
    HeldCertificate certificate =
        new HeldCertificate.Builder()
            .commonName("localhost")
            .addSubjectAlternativeName("localhost")
            .signedBy(ca)
            .build();
    authority = Files.writeString(directory.resolve("ca.pem"), ca.certificatePem());
    stranger =
        Files.writeString(directory.resolve("other.pem"), authority("A stranger").certificatePem());
    Path key = Files.writeString(directory.resolve("key.pem"), certificate.privateKeyPkcs8Pem());
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    Path pem = Files.writeString(directory.resolve("pem"), certificate.certificatePem());
    server =
        new Server(
            Map.of("ssl", "on", "ssl_cert_file", pem.toString(), "ssl_key_file", key.toString()));
    deployment = new Deployment(server.postgres().createDatabase(), List.of(), "items");
    deployment.database.execute(
        "CREATE TABLE items (id int PRIMARY KEY)",
        "CREATE ROLE exporter LOGIN REPLICATION PASSWORD 'secret'",
        "GRANT SELECT ON items TO exporter",
        "CREATE PUBLICATION gkp_export FOR TABLE items");
    server.hostBasedAuthentication(
        "hostssl all exporter all scram-sha-256\nhostnossl all exporter all reject");
  }

  private static HeldCertificate authority(String name) {
    return new HeldCertificate.Builder().commonName(name).certificateAuthority(0).build();
  }

  @AfterAll
  static void stop() {
    deployment.close();
    server.close();
  }

  private static Deployment at(String host, String options) {
    return deployment.through(
        deployment.database.urlAs("exporter", "secret").replace("127.0.0.1", host) + options);
  }

  private static void drains(String host, String options) throws Exception {
    at(host, options).drain();
    try (Connection connection = new SourceDatabase(deployment.config().source()).connect();
        ResultSet row =
            connection
                .createStatement()
                .executeQuery("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) {
      row.next();
      assertThat(row.getBoolean(1)).as(options).isTrue();
    }
  }

  private static void fails(String host, String options, String code, String... words) {
    RunReport.Error error = at(host, options).run().error();
    assertThat(error.code()).as(options).isEqualTo(code);
    assertThat(error.message() + " " + error.remedy())
        .contains(words)
        .doesNotContain("secret", "Exception", "\n");
  }

  @Test
  void modesThatEncryptReachTheFence() throws Exception {
    drains("127.0.0.1", "?sslmode=prefer");
    drains("127.0.0.1", "?sslmode=require");
    drains("127.0.0.1", "?sslmode=verify-ca&sslrootcert=" + authority);
    drains("localhost", "?sslmode=verify-full&sslrootcert=" + authority);
  }

  @Test
  void elsewhereTheCertificateIsCheckedUnlessTheOperatorSaysOtherwise() {
    String elsewhere = "127.1"; // this machine, by a name that does not say so
    fails(elsewhere, "", "GKP-108", "sslmode=verify-full", "sslrootcert=system");
    fails(elsewhere, "?sslrootcert=" + stranger, "GKP-108", "sslrootcert");
    assertThat(warnings(elsewhere, "?sslmode=require")).contains("encryption");
    assertThat(warnings(elsewhere, "?sslmode=prefer")).contains("encryption");
    assertThat(warnings(elsewhere, "?sslmode=verify-ca&sslrootcert=" + authority))
        .doesNotContain("encryption");
    assertThat(warnings("127.0.0.1", "?sslmode=require")).doesNotContain("encryption");
  }

  private static List<String> warnings(String host, String options) {
    RunReport report = at(host, options).run();
    assertThat(report.error()).as(options).isNull();
    return report.warnings().stream().map(Finding::check).toList();
  }

  @Test
  void aServerThatWantsTlsRefusesALoginWithout() {
    fails("127.0.0.1", "?sslmode=disable", "GKP-102", "pg_hba.conf", "sslmode=verify-full");
  }

  @Test
  void aCertificateOfAnAuthorityThatIsNotTrustedIsRefused() {
    fails("127.0.0.1", "?sslmode=verify-ca&sslrootcert=" + stranger, "GKP-108", "sslrootcert");
    fails("localhost", "?sslmode=verify-full&sslrootcert=" + stranger, "GKP-108", "sslrootcert");
    fails(
        "localhost",
        "?sslmode=verify-full&sslrootcert=" + directory.resolve("missing"),
        "GKP-108",
        "cannot be read");
  }

  @Test
  void aCertificateForAnotherHostIsRefusedWhereTheNameCounts() {
    fails(
        "127.0.0.1",
        "?sslmode=verify-full&sslrootcert=" + authority,
        "GKP-108",
        "is for another host than 127.0.0.1");
  }

  @Test
  void aServerWithoutTlsIsRefusedByModesThatEncrypt() {
    try (Deployment plain =
        new Deployment(TestPostgres.shared().createDatabase(), List.of(), "t")) {
      for (String options :
          List.of(
              "?sslmode=require",
              "?sslmode=verify-ca&sslrootcert=" + authority,
              "?sslmode=verify-full&sslrootcert=" + authority)) {
        RunReport.Error error = plain.through(plain.database.url() + options).run().error();
        assertThat(error.code()).isEqualTo("GKP-108");
        assertThat(error.message()).contains("the server does not offer it");
      }
    }
  }
}
