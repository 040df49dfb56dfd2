package io.gkp.serve;

import io.gkp.serve.access.Access;
import io.gkp.serve.access.AccessConfig;
import io.gkp.serve.backend.Backend;
import io.gkp.serve.runs.RunControl;
import io.gkp.serve.runs.Runner;
import io.gkp.serve.runs.Ticker;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server that is up. */
public final class Served implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Served.class);
  private static final int TOKEN_BYTES = 24;

  private final HttpServer server;
  private final Site site;
  private final Runner runner;
  private final Optional<Ticker> ticker;
  private final Optional<String> madeToken;
  private final ServeConfig config;

  private Served(
      HttpServer server,
      Site site,
      Runner runner,
      Optional<Ticker> ticker,
      Optional<String> madeToken,
      ServeConfig config) {
    this.server = server;
    this.site = site;
    this.runner = runner;
    this.ticker = ticker;
    this.madeToken = madeToken;
    this.config = config;
  }

  /** On loopback at any free port, for whoever is told the address. */
  public static Served locally(Backend backend, Runner runner) {
    return start(
        new ServeConfig(
            ServeConfig.DEFAULT_BIND,
            0,
            AccessConfig.NONE,
            Optional.empty(),
            ServeConfig.DEFAULT_FRESH_WITHIN),
        backend,
        runner);
  }

  static Served start(ServeConfig config, Backend backend, Runner runner) {
    Optional<String> made =
        config.access().isProtected() ? Optional.empty() : Optional.of(randomToken());
    AccessConfig access = made.map(config.access()::withAdminToken).orElse(config.access());
    RunControl control = new RunControl(backend, runner);
    Site site =
        new Site(
            backend,
            new Access(access, config.isOnLoopback(), config.port()),
            runner,
            control,
            config.freshWithin());
    HttpServer server;
    try {
      server = HttpServer.start(config.bind(), config.port(), site::routes);
    } catch (RuntimeException e) {
      site.close();
      throw e;
    }
    Optional<Ticker> ticker = config.every().map(every -> new Ticker(control, every));
    ticker.ifPresent(Ticker::start);
    return new Served(server, site, runner, ticker, made, config);
  }

  private static String randomToken() {
    byte[] bytes = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Where it is, without a path. */
  public String url() {
    return config
        .access()
        .url()
        .map(Object::toString)
        .orElse("http://" + config.bind() + ":" + server.port());
  }

  /** Where a browser is to go first; what stands behind the # is sent to no server. */
  public String firstUrl() {
    return url() + "/" + madeToken.map(token -> "#token=" + token).orElse("");
  }

  /** What whoever started it reads. */
  public String announcement() {
    return "Serving at " + firstUrl();
  }

  /** Answers what is being answered, and leaves runs alone. */
  @Override
  public void close() {
    ticker.ifPresent(Ticker::close);
    site.close();
    server.close();
    runner.going().ifPresent(run -> log.info("The server ends; run {} goes on by itself", run));
  }
}
