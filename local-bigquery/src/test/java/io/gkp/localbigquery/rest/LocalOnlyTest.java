package io.gkp.localbigquery.rest;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import io.gkp.localbigquery.api.ApiException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The loopback interface is {@code HttpTest}'s; this is a server in a container. */
class LocalOnlyTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:9050",
        "localhost:32768",
        "172.17.0.2:9050",
        "[fd00::2]:9050",
        "bigquery",
        "local_bigquery-1:9050",
        "host.docker.internal:9050"
      })
  void aContainerAnswersUnderItsAddressesAndItsNetworksNames(String host) throws Exception {
    assertThatCode(() -> container().check(host(host))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "attacker.example",
        "172.17.0.2.attacker.example",
        "internal.attacker.example:9050",
        "attacker.example#172.17.0.2",
        "[fd00::2].attacker.example",
        "bigquery.attacker.example"
      })
  void aPagesOwnNameIsRefusedThereToo(String host) throws Exception {
    assertThatThrownBy(() -> container().check(host(host)))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("use an IP address or a name without a dot");
  }

  @Test
  void aPageThatAsksByAddressIsRefusedThereToo() throws Exception {
    Headers headers = host("172.17.0.2:9050");
    headers.set("Origin", "http://172.17.0.3");

    assertThatThrownBy(() -> container().check(headers)).hasMessageContaining("a web page");
  }

  @Test
  void loopbackAnswersUnderNoOtherName() {
    LocalOnly loopback = LocalOnly.at(InetAddress.getLoopbackAddress());

    assertThatThrownBy(() -> loopback.check(host("bigquery:9050")))
        .hasMessageContaining("use 127.0.0.1 or localhost");
  }

  private static LocalOnly container() throws UnknownHostException {
    return LocalOnly.at(InetAddress.getByName("0.0.0.0"));
  }

  private static Headers host(String host) {
    Headers headers = new Headers();
    headers.set("Host", host);
    return headers;
  }
}
