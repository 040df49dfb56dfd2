package io.gkp.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operators' page that the demo keeps, in a browser. A part of {@link DemoTest}. */
abstract class DemoPage {
  private static final List<String> PATHS =
      List.of("/", "/doctor", "/models", "/tables?name=query_logs");

  /** Texts that are hard to read: less than 4.5 to 1, 3 to 1 for large ones. */
  private static final String LOW_CONTRAST =
      """
      const parse = (c) => (c.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
      const light = (c) => {
        const [r, g, b] = c.slice(0, 3).map((v) => v / 255)
          .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const back = (e) => {
        for (; e; e = e.parentElement) {
          const c = parse(getComputedStyle(e).backgroundColor);
          if (c.length < 4 || c[3] > 0) return c;
        }
        return [255, 255, 255];
      };
      return [...document.querySelectorAll("body *")].filter((e) => {
        const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
        if (!own || !e.checkVisibility() || e.closest("svg, :disabled, noscript, .skip")) return false;
        const style = getComputedStyle(e);
        const [a, b] = [light(parse(style.color)), light(back(e))].sort((x, y) => y - x);
        const large = parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 600;
        return (a + 0.05) / (b + 0.05) < (large ? 3 : 4.5);
      }).map((e) => e.tagName + " " + e.className + ": " + e.textContent.trim().slice(0, 40));
      """;

  private static KeptDemo demo;
  private static String url;
  @AutoClose private static Browser browser;

  @BeforeAll
  static void begin() throws Exception {
    demo = DemoTest.demo();
    url = demo.page().replaceFirst("/#token=.*", "");
    browser = Browser.start();
    signIn();
  }

  private static void signIn() throws Exception {
    if (Browser.isReal()) {
      browser.open(demo.page());
      browser.awaitText("complete as of");
      browser.complaints(); // of the 401 that it begins with
      return;
    }
    String token = demo.page().replaceFirst(".*#token=", "");
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(url + "/api/session"))
                    .header("X-GKP-Request", "1")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"token\":\"" + token + "\"}"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
    browser.open(url + "/"); // the page to sign in at: cookies belong to HTML
    browser.cookie(
        cookie.substring(0, cookie.indexOf('=')),
        cookie.substring(cookie.indexOf('=') + 1, cookie.indexOf(';')));
  }

  @BeforeEach
  void asOnADesk() {
    if (Browser.isReal()) {
      browser.size(1200, 900);
      browser.colors("light");
    }
  }

  private static void open(String path) {
    browser.open(url + path);
  }

  private static void needsScripts() {
    assumeTrue(Browser.isReal(), "needs a browser that runs scripts");
  }

  @Test
  void theOverviewSaysFirstWhetherItIsFresh() {
    open("/");
    assertThat(browser.find(".health .sentence").getText()).contains("complete as of");
    assertThat(browser.text())
        .contains("WAL kept", "query_logs", "completed", "Age of the newest complete state");
    assertThat(browser.has("svg polyline")).isTrue();
  }

  @Test
  void doctorAndModelsShowWhatTheCommandsSay() {
    open("/doctor");
    assertThat(browser.text()).contains("checks are fine");
    open("/models");
    assertThat(browser.text()).contains("marts_query_daily", "curated_eval_runs");
    assertThat(browser.has("svg.lineage .edge")).isTrue();
    open("/tables?name=query_logs");
    assertThat(browser.text()).contains("question", "STRING", "History", "epoch 1");
    open("/tables?name=nope");
    assertThat(browser.text()).contains("No such table is captured");
    open("/runs/run-20260101-000000-000000");
    assertThat(browser.text()).contains("There is no such run");
  }

  @Test
  void theTokenLeavesTheAddressAndNoScriptSeesTheCookie() {
    needsScripts();
    open("/");
    assertThat(browser.url()).doesNotContain("token");
    assertThat(browser.script("return document.cookie")).isEqualTo("");
    assertThat(browser.cookie().isHttpOnly()).isTrue();
  }

  @Test
  void everyPageIsReadableInLightAndDarkAndFitsAPhone() {
    needsScripts();
    for (String path : PATHS) {
      for (String scheme : List.of("light", "dark")) {
        browser.size(1200, 900);
        browser.colors(scheme);
        open(path);
        assertThat((List<?>) browser.script(LOW_CONTRAST)).as("%s in %s", path, scheme).isEmpty();
      }
      browser.size(390, 800);
      open(path);
      assertThat(
              ((Number) browser.script("return document.documentElement.scrollWidth")).intValue())
          .as(path)
          .isLessThanOrEqualTo(390);
      assertThat(browser.complaints()).as(path).isEmpty();
    }
  }

  @Test
  void everyControlHasANameAndIsReachedByKeyboard() {
    needsScripts();
    for (String path : PATHS) {
      open(path);
      assertThat(
              (List<?>)
                  browser.script(
                      """
                      return [...document.querySelectorAll("a, button, input, summary")]
                        .filter((e) => e.checkVisibility() && (e.tabIndex < 0
                          || !(e.textContent.trim() || e.labels?.length || e.getAttribute("aria-label"))))
                        .map((e) => e.outerHTML.slice(0, 80));
                      """))
          .as(path)
          .isEmpty();
    }
  }

  @Test
  void aRunStartedFromThePageMovesAndEnds() throws Exception {
    needsScripts();
    try (Connection connection = demo.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO eval_runs SELECT (jsonb_populate_record(r, jsonb_build_object("
              + "'run_id', r.run_id || '-again'))).* FROM eval_runs r");
    }
    open("/");
    browser.screenshot("overview");
    browser.size(1200, 900);
    browser.find("input[name=reason]").sendKeys("a look at the page");
    browser.find("[data-start-run] [name=refresh_models]").click(); // it takes long enough to watch
    browser.find("[data-start-run] button").click();
    browser.await("#live-log li");
    browser.awaitText("drained");
    browser.awaitText("Batches");
    assertThat(browser.url()).contains("/runs/run-");
    assertThat(browser.text())
        .contains("Started by admin token from 127.0.0.1: a look at the page");
    assertThat(browser.complaints()).isEmpty();
    browser.screenshot("run");
  }

  @Test
  void aResetIsLookedAtConfirmedAndWaits() {
    needsScripts();
    open("/tables?name=ingestion_runs");
    String form = "[data-request=reset] ";
    browser.find(form + "[name=look]").click();
    browser.await(form + ".plan");
    assertThat(browser.find(form + ".figures-text").getText()).contains("It reads", "rows");
    browser.find(form + "[name=reason]").sendKeys("repaired by hand");
    browser.find(form + "[name=confirm]").sendKeys("ingestion");
    assertThat(browser.find(form + "[name=do]").isEnabled()).isFalse();
    browser.find(form + "[name=confirm]").sendKeys("_runs");
    browser.screenshot("table");
    browser.find(form + "[name=do]").click();
    browser.awaitText("Waiting for a run");
    assertThat(browser.text()).contains("reset of ingestion_runs, asked for by admin token");
  }

  @Test
  void picturesOfTheOtherPages() throws IOException {
    needsScripts();
    open("/doctor");
    browser.screenshot("doctor");
    browser.size(1200, 900);
    open("/models?checks=true");
    browser.screenshot("models");
  }
}
