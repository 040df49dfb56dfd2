package io.gkp.connector.cli.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.gkp.connector.export.RunReport;
import io.gkp.connector.operations.Repairs;
import io.gkp.connector.verify.TableVerification;
import io.gkp.connector.verify.TableVerification.Outcome;
import io.gkp.connector.verify.VerifyOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of {@code verify}.
 *
 * @param status of the run that the verification was part of
 * @param equal whether every table was compared and is equal
 * @param tables by configured name; empty where the run did not come so far
 * @param requests what {@code --repair} has asked for
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record VerifyReport(
    @Nullable String runId,
    RunReport.Status status,
    boolean equal,
    @Nullable String fenceLsn,
    long durationMs,
    Map<String, TableVerification> tables,
    List<Repairs.Requested> requests,
    @JsonInclude(JsonInclude.Include.NON_NULL) RunReport.@Nullable Error error) {

  static VerifyReport of(RunReport run, List<Repairs.Requested> requests) {
    Map<String, TableVerification> tables = new LinkedHashMap<>();
    run.verification().forEach(table -> tables.put(table.table(), shortened(table)));
    return new VerifyReport(
        run.runId(),
        run.status(),
        !tables.isEmpty()
            && tables.values().stream().allMatch(table -> table.outcome() == Outcome.EQUAL),
        run.fenceLsn(),
        run.durationMs(),
        tables,
        requests,
        run.error());
  }

  /** With as many keys as one looks at. */
  private static TableVerification shortened(TableVerification table) {
    return table.withKeys(table.keys().stream().limit(VerifyOptions.SHOWN_KEYS).toList());
  }
}
