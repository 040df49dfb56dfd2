package io.gkp.connector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns to protect, and the secrets that a configuration holds. */
class ProtectionSettingsTest {
  private static final String SALT = "kZ3v9QmW1xT7pLr5";

  @TempDir Path directory;

  private final Map<Setting, String> flags = new EnumMap<>(Setting.class);
  private final Map<String, String> environment = new HashMap<>();
  private Path file;

  @BeforeEach
  void whatElseIsNeeded() {
    environment.put("GKP_PROJECT", "p");
    environment.put("GKP_DATASET", "d");
    environment.put("DATABASE_URL", "postgresql://u@h/db");
    environment.put("GKP_TABLES", "t,s.\"a,b\"");
  }

  private Settings settings() {
    return new Settings(flags, environment, file);
  }

  private Path write(String name, String permissions, String text) throws IOException {
    Path path = Files.writeString(directory.resolve(name), text);
    return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private void refused(String... words) {
    assertThatThrownBy(() -> settings().exportConfig())
        .isInstanceOfSatisfying(
            ExportException.class, e -> assertThat(e.failure()).isEqualTo(Failure.CONFIGURATION))
        .hasMessageContainingAll(words);
  }

  @Test
  void columnsComeFromFlagEnvironmentAndFile() throws Exception {
    flags.put(Setting.EXCLUDE_COLUMNS, "t.a, s.\"a,b\".\"c.\"\"d\"");
    environment.put("GKP_HASH_COLUMNS", "t.b");
    file = write("gkp.properties", "rw-------", "hash-salt = " + SALT);
    Settings settings = settings();
    ProtectionConfig protection = settings.exportConfig().source().protection();
    assertThat(protection.excludedOf(new TableName("public", "t"))).containsExactly("a");
    assertThat(protection.excludedOf(new TableName("s", "a,b"))).containsExactly("c.\"d");
    assertThat(protection.hashedOf(new TableName("public", "t"))).containsExactly("b");
    assertThat(settings.warnings()).isEmpty();
  }

  @Test
  void hashingNeedsASaltThatIsLongEnoughFromOnePlace() throws Exception {
    environment.put("GKP_HASH_COLUMNS", "t.b");
    refused("--hash-columns needs a salt", "GKP_HASH_SALT", "--hash-salt-file");
    environment.put("GKP_HASH_SALT", "short-salt");
    refused("GKP_HASH_SALT: the salt has 10 bytes, at least 16", "openssl rand");
    assertThatThrownBy(() -> settings().exportConfig()).hasMessageNotContaining("short-salt");
    environment.put("GKP_HASH_SALT", SALT);
    flags.put(Setting.HASH_SALT_FILE, write("salt", "rw-------", SALT + "\n").toString());
    refused("GKP_HASH_SALT and --hash-salt-file both give a salt");
    environment.remove("GKP_HASH_SALT");
    assertThat(settings().exportConfig().source().protection().salt().bytes())
        .isEqualTo(SALT.getBytes());
    flags.put(Setting.HASH_SALT_FILE, directory.resolve("missing").toString());
    refused("--hash-salt-file: cannot read", "missing");
  }

  @Test
  void aColumnOfNoCapturedTableOrInBothListsIsNamed() {
    environment.put("GKP_HASH_SALT", SALT);
    environment.put("GKP_TABLES", "query_logs");
    environment.put("GKP_EXCLUDE_COLUMNS", "query_log.question");
    refused(
        "--exclude-columns: table query_log of query_log.question is not among --tables",
        "did you mean query_logs?");
    environment.put("GKP_EXCLUDE_COLUMNS", "query_logs.question");
    environment.put("GKP_HASH_COLUMNS", "query_logs.question");
    refused("--exclude-columns and --hash-columns both name query_logs.question");
    environment.put("GKP_EXCLUDE_COLUMNS", "question");
    refused("--exclude-columns: expected table.column");
  }

  @Test
  void filesWithSecretsThatOthersCanReadAreNamedWithTheRemedy() throws Exception {
    file = write("gkp.properties", "rw-r-----", "source-password = secret");
    assertThat(settings().warnings())
        .singleElement()
        .asString()
        .contains("can be read by others", "chmod 600 " + file);
    file = write("open.properties", "rw-r--r--", "slot = abc");
    assertThat(settings().warnings()).isEmpty();
    environment.put("GKP_HASH_COLUMNS", "t.b");
    flags.put(Setting.HASH_SALT_FILE, write("salt", "rw----r--", SALT).toString());
    Settings settings = settings();
    settings.exportConfig();
    assertThat(settings.warnings()).singleElement().asString().contains("chmod 600", "salt");
  }

  @Test
  void aSaltThatIsEasyToGuessIsRefusedHoweverLong() {
    environment.put("GKP_HASH_COLUMNS", "t.b");
    for (String weak :
        List.of("aaaaaaaaaaaaaaaaaaaaaaaa", "0123456789abcdefghij", "secretsecretsecretsecret")) {
      environment.put("GKP_HASH_SALT", weak);
      assertThatThrownBy(() -> settings().exportConfig())
          .hasMessageContaining("GKP_HASH_SALT: the salt is easy to guess; make one with: openssl")
          .hasMessageNotContaining(weak);
    }
    for (String random :
        List.of(
            SALT,
            "q7+Yb0mT5wV0uC8n1tK2c3r4s5d6e7f8g9hAjBkClDo=",
            "9f86d081884c7d659a2feaa0c55ad015")) {
      environment.put("GKP_HASH_SALT", random);
      assertThat(settings().exportConfig().source().protection().salt()).isNotNull();
    }
  }

  @Test
  void aPasswordInTheFlagWorksWithAWarningAndIsNeverShown() {
    environment.put(
        "DATABASE_URL", "postgresql://u:secret@h/db?sslmode=require&sslpassword=secret");
    Settings quiet = settings();
    assertThat(quiet.exportConfig().source().password()).isEqualTo("secret");
    assertThat(quiet.warnings()).isEmpty();

    flags.put(Setting.SOURCE_URL, environment.get("DATABASE_URL"));
    environment.put("GKP_HASH_COLUMNS", "t.b");
    environment.put("GKP_HASH_SALT", "the secret of this test");
    Settings settings = settings();
    ExportConfig config = settings.exportConfig();
    assertThat(settings.warnings())
        .singleElement()
        .asString()
        .contains("--source-url can be read by other processes", "DATABASE_URL")
        .doesNotContain("secret");
    assertThat(config.describe().toString())
        .contains("u@h:5432/db", "source-password=***", "sslmode=require", "hash-columns=[t.b]")
        .doesNotContain("secret");
    assertThat(List.of(config.toString(), config.source().protection().toString()).toString())
        .doesNotContain("secret");
  }
}
