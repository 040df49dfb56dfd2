package io.gkp.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.htmlunit.HtmlUnitDriver;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real browser where there is one, Debian's {@code chromium} and {@code chromium-driver};
 * otherwise HtmlUnit, which reads pages and runs no script of ours.
 */
final class Browser implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Browser.class);
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Path SCREENSHOTS =
      Path.of(System.getProperty("screenshots", "target/screenshots"));

  private final WebDriver driver;

  private Browser(WebDriver driver) {
    this.driver = driver;
  }

  static Browser start() {
    if (!isReal()) {
      log.warn("Pages are read by HtmlUnit, and no script is tried: {} is not used", CHROMIUM);
      return new Browser(new HtmlUnitDriver(false));
    }
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox", // the tests may run as root
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--window-size=1200,900");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, java.util.logging.Level.WARNING);
    options.setCapability("goog:loggingPrefs", logs);
    return new Browser(
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .withSilent(true)
                .build(),
            options));
  }

  /** {@code -Dbrowser=htmlunit} tries what a machine without a browser does. */
  static boolean isReal() {
    return !"htmlunit".equals(System.getProperty("browser"))
        && Files.isExecutable(CHROMIUM)
        && Files.isExecutable(DRIVER);
  }

  void open(String url) {
    driver.get(url);
  }

  String url() {
    return driver.getCurrentUrl();
  }

  /** What the page's content says, in one line. */
  String text() {
    return find("main").getText().replaceAll("\\s+", " ");
  }

  WebElement find(String css) {
    return driver.findElement(By.cssSelector(css));
  }

  boolean has(String css) {
    return !driver.findElements(By.cssSelector(css)).isEmpty();
  }

  /** Waits until the page says so. */
  void awaitText(String part) {
    new WebDriverWait(driver, PATIENCE)
        .ignoring(org.openqa.selenium.WebDriverException.class)
        .withMessage(() -> "waiting for " + part + ", there is: " + text())
        .until(it -> text().contains(part));
  }

  void await(String css) {
    new WebDriverWait(driver, PATIENCE).until(it -> has(css) && find(css).isDisplayed());
  }

  Object script(String script, Object... arguments) {
    return ((JavascriptExecutor) driver).executeScript(script, arguments);
  }

  /** Errors and refused content since the last call. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(entry -> entry.getLevel() + " " + entry.getMessage())
        .toList();
  }

  void size(int width, int height) {
    if (driver instanceof ChromeDriver chrome) {
      chrome.executeCdpCommand(
          "Emulation.setDeviceMetricsOverride",
          Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    } else {
      driver.manage().window().setSize(new Dimension(width, height));
    }
  }

  void colors(String scheme) {
    ((ChromeDriver) driver)
        .executeCdpCommand(
            "Emulation.setEmulatedMedia",
            Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  Cookie cookie() {
    return driver.manage().getCookies().iterator().next();
  }

  void cookie(String name, String value) {
    driver.manage().addCookie(new Cookie.Builder(name, value).path("/").build());
  }

  /** Of the whole page, as {@code <name>.png} in the folder that {@code -Dscreenshots} names. */
  void screenshot(String name) {
    int height = ((Number) script("return document.documentElement.scrollHeight")).intValue();
    size(1200, Math.min(Math.max(height, 500), 1800));
    try {
      Files.createDirectories(SCREENSHOTS);
      Files.write(
          SCREENSHOTS.resolve(name + ".png"),
          ((ChromeDriver) driver).getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}
