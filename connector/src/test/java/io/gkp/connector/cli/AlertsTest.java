package io.gkp.connector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.gkp.connector.cli.log.Complaint;
import io.gkp.connector.documentation.Pages;
import io.gkp.failure.Alert;
import io.gkp.failure.Failure;
import io.gkp.failure.FailureLine;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Alerts come for what their policies say, and for nothing else. */
class AlertsTest {
  private static final Path FILES = Pages.TOP.resolve("docs/operate/alerts");

  private final Logger logger = (Logger) LoggerFactory.getLogger("io.gkp.test.alerts");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    logger.setAdditive(false);
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(lines);
  }

  @Test
  void everyFailureIsLoggedAsItsEntryPromises() {
    Map<String, Alert> promised = new HashMap<>();
    Arrays.stream(Failure.values()).forEach(f -> promised.put(f.code(), f.alert()));
    promised.forEach(
        (code, alert) -> {
          FailureLine.of(logger, Complaint.failure(code)).log("Something failed");
          ILoggingEvent line = lines.list.get(lines.list.size() - 1);
          assertThat(line.getLevel())
              .as(code)
              .isEqualTo(alert == Alert.PAGE || alert == Alert.TICKET ? Level.ERROR : Level.WARN);
          assertThat(line.getKeyValuePairs().stream().map(pair -> pair.key + "=" + pair.value))
              .containsExactly("error_code=" + code, "alert=" + alert.label());
        });
  }

  @Test
  void whatPassesByItselfWakesNobody() {
    assertThat(Arrays.stream(Failure.values()).filter(Failure::isTransient))
        .allSatisfy(failure -> assertThat(failure.alert()).isEqualTo(Alert.ABSENCE));
    assertThat(Failure.SLOT_INVALIDATED.alert()).isEqualTo(Alert.PAGE);
    assertThat(Failure.CONFIRMATION.alert()).isEqualTo(Alert.NONE);
    assertThat(Failure.MODELS_WRONG_DATA.alert()).isEqualTo(Alert.TICKET);
  }

  @Test
  void thePoliciesAskForLabelsThatTheLogHas() throws Exception {
    Map<String, Alert> policies = Map.of("page.json", Alert.PAGE, "ticket.json", Alert.TICKET);
    for (Map.Entry<String, Alert> policy : policies.entrySet()) {
      JsonNode condition = policy(policy.getKey()).at("/conditions/0/conditionMatchedLog");
      assertThat(condition.get("filter").asText())
          .isEqualTo(
              "resource.type=\"cloud_run_job\" AND severity>=ERROR AND labels.alert=\"%s\""
                  .formatted(policy.getValue().label()));
      assertThat(condition.at("/labelExtractors/code").asText())
          .isEqualTo("EXTRACT(labels.error_code)");
      assertThat(policy(policy.getKey()).at("/alertStrategy/notificationRateLimit/period").asText())
          .as("log-based conditions must have one")
          .endsWith("s");
    }
  }

  @Test
  void theAbsenceIsThatOfTheMetricWhichCountsDrainedRuns() throws Exception {
    JsonNode absent = policy("absence.json").at("/conditions/0/conditionAbsent");
    JsonNode metric = new YAMLMapper().readTree(Pages.read(FILES.resolve("drained.yaml")));
    assertThat(metric.get("filter").asText())
        .isEqualTo("resource.type=\"cloud_run_job\" AND labels.status=\"drained\"");
    assertThat(absent.get("filter").asText())
        .contains("metric.type=\"logging.googleapis.com/user/gkp_export_drained\"");
    assertThat(absent.at("/aggregations/0/groupByFields/0").asText())
        .isEqualTo("metric.label.shard");
    assertThat(metric.at("/metricDescriptor/labels/0/key").asText()).isEqualTo("shard");
    assertThat(metric.at("/labelExtractors/shard").asText()).isEqualTo("EXTRACT(labels.shard)");
    assertThat(absent.get("duration").asText()).isEqualTo("7200s");
    assertThat(Pages.text("operate/alerts.md"))
        .contains("gcloud logging metrics create gkp_export_drained");
  }

  @Test
  void failuresAreCountedByTheCodeThatTheLogHas() throws Exception {
    JsonNode metric = new YAMLMapper().readTree(Pages.read(FILES.resolve("failed.yaml")));
    assertThat(metric.get("filter").asText()).endsWith(" AND labels.error_code:*");
    assertThat(metric.at("/labelExtractors/code").asText()).isEqualTo("EXTRACT(labels.error_code)");
    assertThat(metric.get("labelExtractors").fieldNames())
        .toIterable()
        .containsExactlyElementsOf(metric.at("/metricDescriptor/labels").findValuesAsText("key"));
    assertThat(Pages.text("operate/alerts.md"))
        .contains("gcloud logging metrics create gkp_export_failed");
  }

  @Test
  void everyPolicyIsCreatedWithAChannel() {
    List<String> created =
        Pages.text("operate/alerts.md")
            .replace("\\\n", " ")
            .lines()
            .filter(line -> line.startsWith("gcloud monitoring policies create"))
            .toList();
    assertThat(created)
        .hasSize(3)
        .allMatch(line -> line.contains("--notification-channels=$CHANNEL"));
    assertThat(Stream.of("page", "ticket", "absence"))
        .allSatisfy(
            name ->
                assertThat(created)
                    .anyMatch(line -> line.endsWith("docs/operate/alerts/" + name + ".json")));
  }

  private static JsonNode policy(String file) throws Exception {
    JsonNode policy = new ObjectMapper().readTree(Pages.read(FILES.resolve(file)));
    assertThat(policy.get("displayName").asText()).isNotBlank();
    assertThat(policy.get("combiner").asText()).isEqualTo("OR");
    assertThat(policy.get("conditions")).hasSize(1);
    return policy;
  }
}
