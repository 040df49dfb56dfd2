package io.gkp.demo.workload;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Four weeks of a platform's life and the day that follows: the same for the same seed and day.
 *
 * <p>Each day's rows come from the seed and the date alone, whatever else is generated.
 */
public final class Workload {
  static final int DAYS = 28;

  private final LocalDate nextDay;
  private final QueryLogs queryLogs;
  private final IngestionRuns ingestionRuns;
  private final EvalRuns evalRuns;

  /**
   * @param nextDay the day after the history (UTC), on which the second act plays
   */
  public Workload(long seed, LocalDate nextDay) {
    this.nextDay = nextDay;
    this.queryLogs = new QueryLogs(seed);
    this.ingestionRuns = new IngestionRuns(seed, firstDay());
    this.evalRuns = new EvalRuns(seed, firstDay());
  }

  public LocalDate firstDay() {
    return nextDay.minusDays(DAYS);
  }

  public LocalDate nextDay() {
    return nextDay;
  }

  /** The rows of each table at the end of the four weeks; one ingestion run is still running. */
  public Map<String, List<Row>> history() {
    Map<String, List<Row>> tables = new LinkedHashMap<>();
    tables.put(GkpTables.INGESTION_RUNS, days(ingestionRuns::on));
    tables.put(GkpTables.EVAL_RUNS, days(evalRuns::on));
    tables.put(GkpTables.QUERY_LOGS, days(queryLogs::on));
    tables.get(GkpTables.INGESTION_RUNS).add(ingestionRuns.unfinished(nextDay.minusDays(1)));
    return tables;
  }

  List<Row> nextDayQueries() {
    return queryLogs.on(nextDay);
  }

  List<Row> nextDayIngestions() {
    return ingestionRuns.on(nextDay);
  }

  List<Row> nextDayEvals() {
    return evalRuns.on(nextDay);
  }

  private List<Row> days(Function<LocalDate, List<Row>> rowsOn) {
    List<Row> rows = new ArrayList<>();
    for (int day = 0; day < DAYS; day++) {
      rows.addAll(rowsOn.apply(firstDay().plusDays(day)));
    }
    return rows;
  }
}
