package io.gkp.connector.telemetry;

import io.gkp.connector.config.Sharding;
import io.gkp.connector.export.Progress;
import io.gkp.connector.export.RunReport;
import io.gkp.connector.operations.OffsetsReport;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run's metrics and trace. A run neither fails nor waits long for a collector that does not
 * answer: what it has is sent once, at the end.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otel/protocol/exporter/">OTLP exporter:
 *     variables</a>
 */
public final class Telemetry {
  private static final Logger log = LoggerFactory.getLogger(Telemetry.class);
  private static final String SCOPE = "io.gkp.connector";

  private static final AttributeKey<Long> SHARD = AttributeKey.longKey("gkp.shard");

  /** Any of them has it push. */
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "otel.service.name", "gkp-bigquery-export",
          "otel.exporter.otlp.protocol", "http/protobuf",
          "otel.exporter.otlp.timeout", "5000",
          "otel.logs.exporter", "none");

  private final OpenTelemetrySdk sdk;
  private final RunTrace trace;

  private Telemetry(OpenTelemetrySdk sdk, String runId, Progress next) {
    this.sdk = sdk;
    this.trace = new RunTrace(((OpenTelemetry) sdk).getTracer(SCOPE), runId, next);
  }

  /**
   * Begins the trace; empty where no endpoint is configured.
   *
   * @param sharding which shard the run is; a resource attribute tells it from the others
   * @param next is told what the trace is told
   */
  public static Optional<Telemetry> of(
      Map<String, String> environment, String runId, Sharding sharding, Progress next) {
    String endpoint = environment.get(ENDPOINT);
    if (endpoint == null || endpoint.isBlank()) {
      return Optional.empty();
    }
    try {
      OpenTelemetrySdk sdk =
          AutoConfiguredOpenTelemetrySdk.builder()
              .addPropertiesSupplier(() -> DEFAULTS)
              .addPropertiesCustomizer(config -> Map.of("otel.exporter.otlp.endpoint", endpoint))
              .addResourceCustomizer((resource, config) -> resource.merge(of(sharding)))
              .disableShutdownHook()
              .build()
              .getOpenTelemetrySdk();
      return Optional.of(new Telemetry(sdk, runId, next));
    } catch (RuntimeException e) {
      log.warn("The run is not told by OTLP: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private static Resource of(Sharding sharding) {
    return sharding.isOneOfSeveral()
        ? Resource.create(Attributes.of(SHARD, (long) sharding.number()))
        : Resource.empty();
  }

  /** Hears of the run what is to be told. */
  public Progress progress() {
    return trace;
  }

  /**
   * The run is over: sends what there is to tell of it, and returns when that is done or has
   * failed.
   *
   * @param standing where the export stands behind it; empty where that is not known
   */
  public void send(RunReport report, Optional<OffsetsReport> standing) {
    trace.end(report);
    RunMetrics metrics = new RunMetrics(sdk.getMeterProvider().get(SCOPE));
    metrics.record(report);
    standing.ifPresent(metrics::record);
    sdk.close();
  }
}
