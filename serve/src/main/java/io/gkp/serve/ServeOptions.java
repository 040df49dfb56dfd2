package io.gkp.serve;

import io.gkp.connector.cli.options.ConnectionOptions;
import io.gkp.connector.config.SecretFile;
import io.gkp.connector.config.Setting;
import io.gkp.connector.config.Units;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.serve.access.AccessConfig;
import io.gkp.serve.runs.CloudRunRunner;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** The server's own flags and settings. */
final class ServeOptions {
  private static final Logger log = LoggerFactory.getLogger(ServeOptions.class);

  private static final String PROCESS = "process";
  private static final String CLOUD_RUN = "cloud-run:";

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port to listen on; 0 takes any free one. Default: 8080. [PORT]")
  private @Nullable Integer port;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = ServeConfig.DEFAULT_BIND,
      description =
          "Address to listen on, such as 0.0.0.0. Any but loopback needs a way to sign in."
              + " Default: 127.0.0.1.")
  @SuppressWarnings("NullAway.Init") // has a default
  private String bind;

  @Option(
      names = "--every",
      paramLabel = "TIME",
      description =
          "Start a run this often, such as 15m. What was missed is not made up for. Default: never.")
  private @Nullable String every;

  @Option(
      names = "--fresh-within",
      paramLabel = "TIME",
      description = "Warn when the newest complete state is older. Default: twice --every, or 2h.")
  private @Nullable String freshWithin;

  @Option(
      names = "--runner",
      paramLabel = "WHERE",
      defaultValue = "process",
      description =
          "Where runs take place: process, a child of the server, or"
              + " cloud-run:projects/P/locations/L/jobs/J, an execution of that job. Default: process.")
  @SuppressWarnings("NullAway.Init") // has a default
  private String runner;

  private final List<String> problems = new ArrayList<>();

  /**
   * @throws ExportException {@code SERVE_DISABLED}, {@code SERVE_UNPROTECTED} or {@code
   *     CONFIGURATION}
   */
  ServeConfig read(ConnectionOptions settings, Map<String, String> environment) {
    if (!settings.find(Setting.SERVE_ENABLED).map("true"::equalsIgnoreCase).orElse(false)) {
      throw new ExportException(
          Failure.SERVE_DISABLED,
          "The server is disabled; nothing was opened.",
          "Set " + Setting.SERVE_ENABLED.variable() + "=true to enable it.");
    }
    if (!runner.equals(PROCESS)
        && !(runner.startsWith(CLOUD_RUN)
            && CloudRunRunner.JOB.matcher(runner.substring(CLOUD_RUN.length())).matches())) {
      problems.add("--runner: process, or cloud-run:projects/P/locations/L/jobs/J");
    }
    Optional<Duration> interval = parse("--every", every, ServeOptions::interval);
    ServeConfig config =
        new ServeConfig(
            bind,
            port(environment),
            access(settings),
            interval,
            parse("--fresh-within", freshWithin, Units::duration)
                .or(() -> interval.map(duration -> duration.multipliedBy(2)))
                .orElse(ServeConfig.DEFAULT_FRESH_WITHIN));
    if (!problems.isEmpty()) {
      throw new ExportException(
          Failure.CONFIGURATION,
          "The configuration has %s%s."
              .formatted(
                  problems.size() == 1 ? "a problem: " : problems.size() + " problems: ",
                  String.join("; ", problems)),
          "See serve --help.");
    }
    if (!config.isOnLoopback() && !config.access().isProtected()) {
      throw new ExportException(
          Failure.SERVE_UNPROTECTED,
          "With --bind "
              + bind
              + " others can reach the server, and there is no way to tell who they are;"
              + " nothing was opened.",
          "Set GKP_SERVE_IAP_AUDIENCE, GKP_SERVE_AUDIENCE or GKP_SERVE_TOKEN_FILE, or leave out --bind.");
    }
    return config;
  }

  /** The Cloud Run job that runs are executions of; empty for child processes. */
  Optional<String> cloudRunJob() {
    return runner.equals(PROCESS)
        ? Optional.empty()
        : Optional.of(runner.substring(CLOUD_RUN.length()));
  }

  private AccessConfig access(ConnectionOptions settings) {
    return new AccessConfig(
        addresses(settings.find(Setting.SERVE_ADMINS)),
        addresses(settings.find(Setting.SERVE_VIEWERS)),
        settings.find(Setting.SERVE_AUDIENCE),
        settings.find(Setting.SERVE_IAP_AUDIENCE),
        token(settings, Setting.SERVE_TOKEN, Setting.SERVE_TOKEN_FILE),
        token(settings, Setting.SERVE_VIEWER_TOKEN, Setting.SERVE_VIEWER_TOKEN_FILE),
        parse(
            Setting.SERVE_URL.variable(),
            settings.find(Setting.SERVE_URL).orElse(null),
            ServeOptions::url));
  }

  private static Set<String> addresses(Optional<String> list) {
    return list.stream()
        .flatMap(text -> Arrays.stream(text.split(",")))
        .map(address -> address.strip().toLowerCase(Locale.ROOT))
        .filter(address -> !address.isEmpty())
        .collect(Collectors.toSet());
  }

  private Optional<String> token(ConnectionOptions settings, Setting text, Setting file) {
    Optional<String> token = settings.find(text);
    Optional<String> path = settings.find(file);
    if (token.isPresent() && path.isPresent()) {
      problems.add(text.variable() + " and " + file.variable() + " both give a token; set one");
    } else if (path.isPresent()) {
      SecretFile secret = new SecretFile(Path.of(path.get()));
      secret.warning().ifPresent(log::warn);
      try {
        token = Optional.of(secret.read());
      } catch (IOException e) {
        problems.add(file.variable() + ": cannot be read (" + e.getClass().getSimpleName() + ")");
      }
    }
    token = token.map(String::strip);
    if (token.isPresent() && token.get().length() < AccessConfig.SHORTEST_TOKEN) {
      problems.add(
          "%s: a token needs %s characters or more; openssl rand -hex 32 makes one"
              .formatted(text.variable(), AccessConfig.SHORTEST_TOKEN));
    }
    return token;
  }

  private int port(Map<String, String> environment) {
    if (port == null) {
      return parse("PORT", environment.get("PORT"), Integer::valueOf)
          .orElse(ServeConfig.DEFAULT_PORT);
    }
    return port;
  }

  private static Duration interval(String text) {
    Duration duration = Units.duration(text);
    if (duration.compareTo(Duration.ofSeconds(10)) < 0) {
      throw new IllegalArgumentException("10s at least, got " + text);
    }
    return duration;
  }

  private static URI url(String text) {
    URI url = URI.create(text.strip());
    if (url.getHost() == null
        || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
        || !url.getPath().matches("/?")) {
      throw new IllegalArgumentException("expected https://host");
    }
    return url;
  }

  private <T> Optional<T> parse(String name, @Nullable String text, Function<String, T> parser) {
    if (text == null || text.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(parser.apply(text));
    } catch (IllegalArgumentException e) {
      problems.add(name + ": " + e.getMessage());
      return Optional.empty();
    }
  }
}
