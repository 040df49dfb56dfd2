package io.gkp.connector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gkp.connector.config.SourceAddress.Host;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connection strings, as PostgreSQL's documentation and other tools write them. */
class SourceAddressTest {
  private static SourceAddress parse(String text) {
    return SourceAddress.parse(text, null);
  }

  private static Map<String, String> options(String query) {
    return parse("postgresql://u@127.0.0.1/d?" + query).options();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "postgresql://u@my_db/d my_db:5432/d",
        "postgresql://u@localhost localhost:5432/u",
        "postgresql://u@localhost/ localhost:5432/u",
        "postgresql://u@h:/d h:5432/d",
        "postgresql://u@h:6543?dbname=x h:6543/x",
        "postgresql://u@h/d?dbname=x&port=1 h:1/x",
        "postgresql://u@[::1]:1/d [::1]:1/d",
        "postgresql://u@[2001:db8::1234]/d [2001:db8::1234]:5432/d",
        "postgresql://u@a:1,b,[::1]:3/d a:1,b:5432,[::1]:3/d",
        "postgresql://u@/d?host=a,b&port=7 a:7,b:7/d",
        "postgresql:///d?user=u&hostaddr=10.0.0.1 10.0.0.1:5432/d",
        "postgresql://u@%2Fvar%2Frun%2Fpostgresql/d /var/run/postgresql:5432/d",
        "postgresql://u@localhost/d?host=/cloudsql/p:r:i /cloudsql/p:r:i:5432/d",
        "postgresql://u@h/a+b h:5432/a+b",
        "postgresql://u@h/a%2Fb%25%C3%BC h:5432/a/b%ü",
        "postgresql://u@h/a/b h:5432/a/b",
        "postgres://u@h/d h:5432/d",
        "postgresql+psycopg2://u@h/d h:5432/d",
        "postgres+asyncpg://u@h/d h:5432/d",
        "jdbc:postgresql://h/d?user=u h:5432/d",
        "jdbc:postgresql:///d?user=u&socketFactory=com.google.cloud.sql.postgres.SocketFactory"
            + " localhost:5432/d",
      })
  void hostsPortsAndDatabasesAreFound(String url, String described) {
    SourceAddress address = parse(url);
    assertThat(address.describe()).isEqualTo(described);
    assertThat(address.user()).isEqualTo("u");
  }

  @Test
  void keywordsAndValuesAreRead() {
    SourceAddress address =
        parse(
            "host=a,b port = '1,2' user=o\\'neil dbname='a \\'b\\\\ c' password='' sslmode=require");
    assertThat(address.hosts()).containsExactly(new Host("a", 1), new Host("b", 2));
    assertThat(address.user()).isEqualTo("o'neil");
    assertThat(address.database()).isEqualTo("a 'b\\ c");
    assertThat(address.password()).isNull();
    assertThat(address.options()).containsEntry("sslmode", "require");
  }

  /** Where libpq takes it, so does this. */
  @ParameterizedTest
  @ValueSource(strings = {"a#b", "a?b", "a:b", "a b", "a+b", "a&b=c", "#?:", "a,b", "[a]", "ü"})
  void charactersOfPasswordsNeedNoEncodingWhereNoneIsNeeded(String password) {
    assertThat(parse("postgresql://u:" + password + "@h:1/d").password()).isEqualTo(password);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "postgresql://u:SECRET@SECRET@h/d %40",
        "postgresql://u:SECRET@SECRET/SECRET@h/d %40",
        "postgresql://u:SECRET/SECRET@h/d %2F",
        "postgresql://u:1/SECRET@h/d %2F",
        "postgresql://u:1/d?SECRET=SECRET@h/d %2F",
        "postgresql://u:SECRET@SECRET?SECRET@h/d %40",
        "postgresql://u:SECRET%SECRET@h/d %25",
        "postgresql://u:SECRET%0@h/d %25",
        "postgresql://u:SECRET%00@h/d %25",
        "postgresql://u:SECRET/d %2F",
        "postgresql://u@h/d?password=SECRET&SECRET %26",
        "postgresql://u@h/d?password=SECRET&SECRET=SECRET %26",
        "postgresql://u@h:SECRET/d %2F",
        "postgresql://u@SE(CRET/d %2F",
        "mysql://u:SECRET@h/d postgresql://",
        "SECRET postgresql://",
        "postgresql://SECRET:SECRET@/d host",
        "postgresql://u@h/d?passfile=SECRET passfile",
        "postgresql://u@h/d?passfile=/SECRET passfile",
        "postgresql://u@h/d?sslmode=SECRET verify-full",
        "postgresql://u@h/d?connect_timeout=SECRET connect_timeout",
        "postgresql://u@h/d?require_auth=SECRET require_auth",
        "postgresql://u@h:1,SECRET:99999/d port",
        "postgresql://:SECRET@h/d user",
      })
  void aHintNamesTheCharacterAndNeverTheSecret(String url, String hint) {
    refused(url, hint);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host=h user=u password=SECRET SECRET",
        "host=h user=u password=SECRET SECRET=SECRET",
        "host=h user=u password='SECRET",
        "host=h user=u password=SEC'RET' 'SECRET",
      })
  void keywordsThatAreWrongDoNotShowTheirValues(String text) {
    refused(text, "quotes", "\\'");
  }

  private static void refused(String text, String... oneOf) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(e -> assertThat(List.of(oneOf)).anyMatch(e.getMessage()::contains))
        .hasMessageNotContainingAny("SECRET", "SE(");
  }

  @Test
  void optionsOfLibpqBecomeTheDriversOwn() {
    assertThat(
            options(
                "application_name=a&connect_timeout=5&channel_binding=require&sslmode=verify-full"
                    + "&require_auth=!md5,!password&gssencmode=disable&keepalives=0"
                    + "&target_session_attrs=read-write&load_balance_hosts=random&options=-c%20a=b"
                    + "&client_encoding=UTF8&sslnegotiation=direct&sslrootcert=ca.pem"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("ApplicationName", "a"),
                Map.entry("connectTimeout", "5"),
                Map.entry("channelBinding", "require"),
                Map.entry("sslmode", "verify-full"),
                Map.entry("requireAuth", "!md5,!password"),
                Map.entry("gssEncMode", "disable"),
                Map.entry("tcpKeepAlive", "false"),
                Map.entry("targetServerType", "primary"),
                Map.entry("loadBalanceHosts", "true"),
                Map.entry("options", "-c a=b"),
                Map.entry("sslNegotiation", "direct"),
                Map.entry("sslrootcert", "ca.pem")));
  }

  @Test
  void optionsOfTheDriverStayAsTheyAre() {
    assertThat(
            options(
                "socketFactory=com.google.cloud.sql.postgres.SocketFactory&enableIamAuth=true"
                    + "&cloudSqlInstance=p:r:i&socketTimeout=9&sslfactory=x.Y"))
        .isEqualTo(
            Map.of(
                "socketFactory", "com.google.cloud.sql.postgres.SocketFactory",
                "enableIamAuth", "true",
                "cloudSqlInstance", "p:r:i",
                "socketTimeout", "9",
                "sslfactory", "x.Y"));
    assertThat(options("ssl=true"))
        .containsEntry("sslmode", "verify-full")
        .doesNotContainKey("ssl");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "channel_binding=require|sslmode=verify-full",
        "channel_binding=require&sslmode=prefer|sslmode=verify-full",
        "host=/tmp&channel_binding=require&sslmode=require|needs TLS",
        "sslmode=no-verify|sslmode=require",
        "sslmode=full|verify-full",
        "ssl=require|ssl",
        "sslmod=require|did you mean sslmode?",
        "SSLMODE=require|unknown option SSLMODE",
        "sslrootcert=system&sslmode=require|verify-full",
        "target_session_attrs=standby|primary",
        "target_session_attrs=prefer-standby|primary",
        "targetServerType=secondary|primary",
        "service=x|write host",
        "replication=database|leave it out",
        "currentSchema=x|--tables",
        "schema=public|--tables",
        "keepalives_idle=30|--network-timeout",
        "hostaddr=10.0.0.1|beside host",
        "client_encoding=LATIN1|client_encoding",
        "sslcrl=x|sslcrl",
        "requirepeer=x|requirepeer",
        "host=@abstract|Unix socket",
        "host=/tmp,b|Unix socket",
        "host=a,,b|empty host",
        "port=1,2|1 hosts and 2 ports",
        "pgbouncer=true|unknown option pgbouncer",
      })
  void whatCannotBeHonouredIsRefusedByName(String query, String remedy) {
    assertThatThrownBy(() -> options(query))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(remedy);
  }

  @Test
  void allOptionsThatCannotBeHonouredAreNamedAtOnce() {
    assertThatThrownBy(() -> options("sslcrl=x&sslmode=no-verify&service=y"))
        .hasMessageContainingAll("sslcrl", "no-verify", "service");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "h, , verify-full, scram-sha-256, true",
        "localhost.example.com, , verify-full, scram-sha-256, true",
        "127.0.0.1.example.com, , verify-full, scram-sha-256, true",
        "'localhost,h', , verify-full, scram-sha-256, true",
        "h, sslmode=verify-ca, verify-ca, scram-sha-256, true",
        "h, sslmode=require&sslrootcert=x, verify-ca, scram-sha-256, true",
        "h, sslrootcert=system, verify-full, scram-sha-256, true",
        "h, sslmode=require, require, scram-sha-256, false",
        "h, sslmode=prefer, prefer, scram-sha-256, false",
        "h, sslmode=disable, disable, scram-sha-256, false",
        "h, sslmode=disable&require_auth=md5, disable, md5, false",
        "h, sslcert=c&sslkey=k, verify-full, 'scram-sha-256,none', true",
        "h, sslmode=verify-full&sslfactory=org.postgresql.ssl.NonValidatingFactory, verify-full,"
            + " scram-sha-256, false",
        "h, socketFactory=com.google.cloud.sql.postgres.SocketFactory, -, -, true",
        "localhost, , -, !password, true",
        "127.0.0.7, , -, !password, true",
        "[::1], , -, !password, true",
        "localhost, require_auth=password, -, password, true",
        "%2Ftmp, sslmode=verify-full, disable, !password, true",
      })
  void thePasswordIsProtectedWhereTheStringSaysNothing(
      String host, String query, String sslmode, String requireAuth, boolean verified) {
    SourceAddress address =
        parse("postgresql://u@" + host + "/d" + (query == null ? "" : "?" + query));
    assertThat(address.options().get("sslmode")).isEqualTo(sslmode);
    assertThat(address.options().get("requireAuth")).isEqualTo(requireAuth);
    assertThat(address.isVerified()).isEqualTo(verified);
  }

  @Test
  void aSecretIsFoundWhereverItStands() {
    assertThat(
            List.of(
                "postgresql://u:p@h/d",
                "postgresql://h/d?user=u&password=p",
                "postgresql://u@h/d?sslpassword=p",
                "host=h password=p",
                "postgresql://u:p/p@h/d"))
        .allMatch(SourceAddress::holdsSecret);
    assertThat(List.of("postgresql://u@h/d", "host=h user=u", "postgresql://u:@h:5432/d"))
        .noneMatch(SourceAddress::holdsSecret);
  }
}
