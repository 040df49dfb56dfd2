package io.gkp.connector.config;

import static java.util.Objects.requireNonNull;

import io.gkp.bigquery.DestinationConfig;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.model.PolicyTags;
import io.gkp.sql.run.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Looks settings up: flag, then environment, then file. Problems are collected and reported all at
 * once; until then null stands for what is missing or wrong.
 *
 * <p>picocli could find defaults and convert values too, but it does so before a command runs, and
 * it quotes what it cannot convert. Here, whether the export is enabled comes first, settings
 * without a flag count as well, and what looks like a secret is not shown.
 */
public final class Settings {
  private static final int MOST_UNKNOWN = 3;

  private final Map<Setting, String> flags;
  private final Map<String, String> environment;
  private final Map<Setting, String> file = new EnumMap<>(Setting.class);
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  /**
   * @param flags what the command line says; without a mapping where a flag was not given
   * @param configFile key = value lines, UTF-8; null for none
   */
  public Settings(
      Map<Setting, String> flags, Map<String, String> environment, @Nullable Path configFile) {
    this.flags = flags;
    this.environment = environment;
    if (configFile != null) {
      read(configFile);
    }
  }

  private void read(Path path) {
    List<ConfigFile.Line> lines;
    try {
      lines = ConfigFile.read(path);
    } catch (IOException | IllegalArgumentException e) {
      problems.add("--config: cannot read " + Shown.path(path) + " (" + simpleName(e) + ")");
      return;
    }
    List<ConfigFile.Line> unknown = new ArrayList<>();
    for (ConfigFile.Line line : lines) {
      Setting setting = Setting.of(line.key());
      if (setting == null) {
        unknown.add(line);
      } else {
        file.put(setting, line.value());
      }
    }
    unknown.stream().limit(MOST_UNKNOWN).forEach(line -> problems.add(unknown(path, line)));
    if (unknown.size() > MOST_UNKNOWN) {
      problems.add(
          "%s: %s more lines with unknown keys; is it a file of key = value lines?"
              .formatted(path.getFileName(), unknown.size() - MOST_UNKNOWN));
    }
    if (file.containsKey(Setting.SOURCE_PASSWORD)
        || file.containsKey(Setting.HASH_SALT)
        || file.containsKey(Setting.SERVE_TOKEN)
        || file.containsKey(Setting.SERVE_VIEWER_TOKEN)
        || SourceAddress.holdsSecret(file.get(Setting.SOURCE_URL))) {
      new SecretFile(path).warning().ifPresent(warnings::add);
    }
  }

  /** The key itself only where it is nearly one of ours: any line may be one of a secret. */
  private static String unknown(Path path, ConfigFile.Line line) {
    return "%s, line %s: unknown key%s"
        .formatted(
            path.getFileName(),
            line.number(),
            Suggestion.among(Setting.keys(), line.key())
                .map(suggestion -> " " + line.key() + "; did you mean " + suggestion + "?")
                .orElse(""));
  }

  private static String simpleName(Exception e) {
    return e.getClass().getSimpleName();
  }

  /** What works and should not stay so: secrets that others can read. Whole sentences. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /**
   * Says that this is no run against BigQuery, where nothing but the environment says so: a
   * variable that somebody forgot would take all runs to another place.
   */
  public Optional<String> emulator() {
    String host = environment.get(Setting.BIGQUERY_HOST.variable());
    return host == null || host.isBlank() || flags.get(Setting.BIGQUERY_HOST) != null
        ? Optional.empty()
        : Optional.of(
            "BIGQUERY_EMULATOR_HOST is set in the environment: this goes to the emulator that it names"
                + " and not to BigQuery. Unset it for the real service.");
  }

  /** The setting's text, or null where nobody gives one. An empty text counts as none. */
  @Nullable String text(Setting setting) {
    for (String value :
        Arrays.asList(flags.get(setting), environment.get(setting.variable()), file.get(setting))) {
      if (value != null && !value.isBlank()) {
        return value;
      }
    }
    return null;
  }

  /** The setting's text; empty where nobody gives one. */
  public Optional<String> find(Setting setting) {
    return Optional.ofNullable(text(setting));
  }

  /** The same settings, with a value for one that nobody gives. */
  public Settings orElse(Setting setting, String value) {
    if (text(setting) == null) {
      file.put(setting, value);
    }
    return this;
  }

  /**
   * Stops everything unless {@code GKP_EXPORT_ENABLED=true}.
   *
   * @throws ExportException {@code DISABLED}
   */
  public void requireEnabled() {
    if (!"true".equalsIgnoreCase(text(Setting.ENABLED))) {
      throw new ExportException(
          Failure.DISABLED,
          "The BigQuery export is disabled; nothing was connected to.",
          "Set " + Setting.ENABLED.variable() + "=true to enable it.");
    }
  }

  /**
   * Everything a run needs.
   *
   * @throws ExportException {@code CONFIGURATION}, naming every problem
   */
  public ExportConfig exportConfig() {
    SourceConfig source = new SourceSettings(this).read();
    DestinationConfig destination = destination();
    BatchLimits limits = limits();
    Duration maxDuration =
        get(Setting.MAX_DURATION, Units::duration, ExportConfig.DEFAULT_MAX_DURATION);
    Duration networkTimeout = networkTimeout();
    PolicyTags policyTags = policyTags();
    Sharding sharding = new ShardSettings(this, environment).read();
    Boolean views = get(Setting.VIEWS, Units::truth, true);
    ModelConfig model =
        destination == null || !Boolean.TRUE.equals(views)
            ? null
            : new ModelSettings(this).views(destination);
    throwProblems(Failure.CONFIGURATION);
    return new ExportConfig(
            requireNonNull(source),
            requireNonNull(destination),
            requireNonNull(limits),
            requireNonNull(maxDuration),
            requireNonNull(policyTags),
            Optional.ofNullable(model),
            text(Setting.TABLES) == null,
            requireNonNull(sharding))
        .withNetworkTimeout(requireNonNull(networkTimeout));
  }

  /**
   * How to run the SQL models: in one dataset unless others are configured for the upper layers.
   *
   * @param ifWrong the failure's code; its message names every problem
   */
  public ModelConfig modelConfig(Failure ifWrong) {
    ModelConfig config = new ModelSettings(this).read();
    throwProblems(ifWrong);
    return requireNonNull(config);
  }

  /** The one dataset that the export writes to, and how to reach it. */
  public DestinationConfig destinationConfig(Failure ifWrong) {
    DestinationConfig destination = destination();
    Duration networkTimeout = networkTimeout();
    throwProblems(ifWrong);
    return requireNonNull(destination).withNetworkTimeout(requireNonNull(networkTimeout));
  }

  private @Nullable Duration networkTimeout() {
    return get(
        Setting.NETWORK_TIMEOUT,
        text -> ExportConfig.checkNetworkTimeout(Units.duration(text)),
        ExportConfig.DEFAULT_NETWORK_TIMEOUT);
  }

  private @Nullable BatchLimits limits() {
    Long partBytes = get(Setting.BATCH_BYTES, Units::bytes, BatchLimits.DEFAULT.maxPartBytes());
    Duration age = get(Setting.BATCH_AGE, Units::duration, BatchLimits.DEFAULT.maxAge());
    Long inFlightBytes =
        get(Setting.IN_FLIGHT_BYTES, Units::bytes, BatchLimits.DEFAULT.maxInFlightBytes());
    Compression compression =
        get(Setting.COMPRESSION, Compression::parse, BatchLimits.DEFAULT.compression());
    Long chunkBytes =
        get(Setting.SNAPSHOT_CHUNK_BYTES, Units::bytes, BatchLimits.DEFAULT_SNAPSHOT_CHUNK_BYTES);
    return partBytes == null
            || age == null
            || inFlightBytes == null
            || compression == null
            || chunkBytes == null
        ? null
        : attempt(
            "", () -> new BatchLimits(partBytes, age, inFlightBytes, compression, chunkBytes));
  }

  private @Nullable DestinationConfig destination() {
    String project = required(Setting.PROJECT, DestinationConfig::checkProject);
    String dataset = required(Setting.DATASET, DestinationConfig::checkDataset);
    int before = problems.size();
    String endpoint = text(Setting.BIGQUERY_HOST);
    String host =
        endpoint == null
            ? null
            : attempt("--bigquery-host: ", () -> DestinationConfig.checkHost(endpoint));
    return project == null || dataset == null || problems.size() > before
        ? null
        : new DestinationConfig(project, dataset, text(Setting.LOCATION), host);
  }

  /** Null where there is a problem. */
  @Nullable PolicyTags policyTags() {
    return get(
        Setting.POLICY_TAGS,
        text -> PolicyTags.parse(text, ModelCatalog.bundled().piiClasses()),
        PolicyTags.NONE);
  }

  @Nullable String required(Setting setting, UnaryOperator<String> check) {
    String text = required(setting);
    return text == null ? null : parsed(setting, text, check);
  }

  @Nullable String required(Setting setting) {
    String text = text(setting);
    if (text == null) {
      problems.add("--" + setting.key() + " (or " + setting.variable() + ") is needed");
    }
    return text;
  }

  /** The setting's value; null where it is wrong, which is noted. */
  <T> @Nullable T get(Setting setting, Function<String, T> parser, T defaultValue) {
    String text = text(setting);
    return text == null ? defaultValue : parsed(setting, text, parser);
  }

  private <T> @Nullable T parsed(Setting setting, String text, Function<String, T> parser) {
    String prefix = "--" + setting.key() + ": ";
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      problems.add(
          prefix
              + (Shown.mayBeSecret(text)
                  ? "cannot be what was given, which looks like a secret and is not shown"
                  : e.getMessage()));
      return null;
    }
  }

  /** What is parsed; null where it is wrong, which is noted. */
  <T> @Nullable T attempt(String prefix, Supplier<T> parse) {
    try {
      return parse.get();
    } catch (IllegalArgumentException e) {
      problems.add(prefix + e.getMessage());
      return null;
    }
  }

  /** What the command line says; null where it says nothing. */
  @Nullable String flag(Setting setting) {
    return flags.get(setting);
  }

  /** Notes a problem. */
  void refuse(String problem) {
    problems.add(problem);
  }

  /** How many problems there are so far. */
  int problems() {
    return problems.size();
  }

  void warn(String warning) {
    warnings.add(warning);
  }

  private void throwProblems(Failure ifWrong) {
    if (!problems.isEmpty()) {
      throw new ExportException(
          ifWrong,
          "The configuration has %s%s."
              .formatted(
                  problems.size() == 1 ? "a problem: " : problems.size() + " problems: ",
                  String.join("; ", problems)),
          "See "
              + (ifWrong == Failure.MODELS_CONFIGURATION ? "models run" : "export-bigquery")
              + " --help.");
    }
  }
}
