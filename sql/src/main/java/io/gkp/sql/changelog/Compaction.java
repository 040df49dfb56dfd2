package io.gkp.sql.changelog;

import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.Table;
import io.gkp.bigquery.JobOutcome;
import io.gkp.bigquery.QueryJobs;
import io.gkp.failure.ExportException;
import io.gkp.sql.model.Cluster;
import io.gkp.sql.model.Layer;
import io.gkp.sql.render.Ddl;
import io.gkp.sql.render.RenderedModel;
import io.gkp.sql.warehouse.ModelFailures;
import io.gkp.sql.warehouse.RawColumn;
import io.gkp.sql.warehouse.RawTable;
import io.gkp.sql.warehouse.Warehouse;
import java.util.List;
import java.util.Optional;

/**
 * Keeps a latest view cheap by folding the changelog into a state table.
 *
 * <ol>
 *   <li>Read the watermark from the view's text.
 *   <li>Replace the view, same watermark, so that it has the raw table's present columns.
 *   <li>Ask what a fold would take in, and stop here if that is not worth it.
 *   <li>Replace the state table by the rows of the view. One job does it, whose id holds the fold's
 *       generation, so that of several runs one does the fold and the others wait for it.
 *   <li>Replace the view by one with the new watermark.
 * </ol>
 *
 * <p>A crash between any two steps leaves right answers, because a view whose watermark is older
 * than its state table gives the same rows: what it reads twice it orders by the same numbers. For
 * the same reason a run that was frozen in the middle and wakes up late does no harm.
 */
public final class Compaction {
  private final QueryJobs jobs;
  private final Warehouse warehouse;
  private final ChangelogQueries queries;
  private final GeneratedModels models;
  private final Ddl ddl;

  public Compaction(
      QueryJobs jobs,
      Warehouse warehouse,
      ChangelogQueries queries,
      GeneratedModels models,
      Ddl ddl) {
    this.jobs = jobs;
    this.warehouse = warehouse;
    this.queries = queries;
    this.models = models;
    this.ddl = ddl;
  }

  /**
   * What was done.
   *
   * @param fold the job that folded; empty where nothing was worth folding
   * @param state what the view starts from now; empty where nothing was ever folded
   */
  public record Result(JobOutcome view, Optional<JobOutcome> fold, Optional<FoldedState> state) {}

  /**
   * Brings the latest view of a table with a key up to date.
   *
   * @throws ExportException where a statement fails; the view is right then, too
   */
  public Result compact(RawTable table, FoldPolicy policy) {
    Optional<FoldedState> before = state(table);
    warehouse.find(Layer.CURATED, table.stateName()).ifPresent(jobs::keep);
    JobOutcome view = replaceView(table, before);
    Optional<FoldPlan> plan =
        policy.equals(FoldPolicy.NEVER) ? Optional.empty() : plan(table, before);
    if (plan.isEmpty() || !policy.isWorthIt(plan.get().unfoldedRows(), stateRows(table, before))) {
      return new Result(view, Optional.empty(), before);
    }
    JobOutcome fold = fold(table, before, plan.get());
    Optional<FoldedState> after =
        Watermark.of(fold.labels()).map(mark -> new FoldedState(mark, stateColumns(table)));
    return new Result(replaceView(table, after), Optional.of(fold), after);
  }

  /**
   * What the table's view starts from; empty where nothing was ever folded.
   *
   * @throws ExportException where the view speaks of a state table that is gone, and it is needed
   */
  public Optional<FoldedState> state(RawTable table) {
    Optional<Table> stateTable = warehouse.find(Layer.CURATED, table.stateName());
    Optional<Watermark> watermark =
        warehouse
            .viewText(Layer.CURATED, table.latestName())
            .map(Watermark::in)
            .orElseGet(() -> stateTable.flatMap(t -> Watermark.of(t.getLabels())));
    if (watermark.isPresent() && stateTable.isEmpty()) {
      if (isSucceeded(table, watermark.get())) {
        return Optional.empty(); // nothing reads it any more
      }
      throw ModelFailures.configuration(
          table.stateName() + " is gone, but " + table.latestName() + " builds on it.",
          "Restore the table (BigQuery keeps deleted tables for some days). Or run offsets reset"
              + " --table "
              + table.source()
              + " --yes, then export-bigquery, then models run. If raw rows were never deleted"
              + " (raw-retention-days), it is enough to drop the view.");
    }
    return watermark.map(mark -> new FoldedState(mark, stateColumns(table)));
  }

  /** Whether analysts see a newer epoch, of which raw holds everything. */
  private boolean isSucceeded(RawTable table, Watermark watermark) {
    return !jobs.rows("epoch of " + table.source(), queries.successor(table, watermark)).isEmpty();
  }

  private List<RawColumn> stateColumns(RawTable table) {
    return Warehouse.sourceColumns(warehouse.find(Layer.CURATED, table.stateName()).orElseThrow());
  }

  private long stateRows(RawTable table, Optional<FoldedState> state) {
    if (state.isEmpty()) {
      return 0;
    }
    return warehouse.rows(Layer.CURATED, table.stateName());
  }

  /**
   * Replaces the latest view so that it has the raw table's present columns. Reads no data.
   *
   * @throws ExportException where the statement fails
   */
  public JobOutcome replaceView(RawTable table) {
    return replaceView(table, state(table));
  }

  JobOutcome replaceView(RawTable table, Optional<FoldedState> state) {
    return jobs.run(
        table.latestName(),
        ddl.createOrReplace(
            models.latest(table, state), ddl.definition(models.latest(table, Optional.empty()))));
  }

  Optional<FoldPlan> plan(RawTable table, Optional<FoldedState> before) {
    List<FieldValueList> rows =
        jobs.rows("plan of " + table.stateName(), queries.foldPlan(table, before));
    return rows.stream()
        .findFirst()
        .map(row -> FoldPlan.of(row, before.map(FoldedState::watermark)));
  }

  /**
   * Whoever folds at the same time gets the same job. A job whose state table has been dropped
   * since is over, and the next generation takes its place.
   */
  JobOutcome fold(RawTable table, Optional<FoldedState> before, FoldPlan plan) {
    JobOutcome fold = foldOnce(table, before, plan);
    boolean isThere = warehouse.find(Layer.CURATED, table.stateName()).isPresent();
    return isThere ? fold : fold(table, before, plan.next());
  }

  private JobOutcome foldOnce(RawTable table, Optional<FoldedState> before, FoldPlan plan) {
    Watermark after = plan.watermark();
    String id =
        "gkp_fold_%s_%s_g%d"
            .formatted(
                plan.lineage(),
                table.table().replaceAll("[^A-Za-z0-9_-]", "-"),
                after.generation());
    return jobs.run(
        table.stateName(),
        id,
        ddl.createOrReplace(stateModel(table, before), after.labels()),
        after.labels());
  }

  /** Clustered as it is already: BigQuery does not replace a table by one clustered otherwise. */
  private RenderedModel stateModel(RawTable table, Optional<FoldedState> before) {
    RenderedModel model = models.state(table, before);
    Optional<Table> existing = warehouse.find(Layer.CURATED, table.stateName());
    if (existing.isEmpty()) {
      return model;
    }
    List<String> clusteredBy = warehouse.clusterColumns(Layer.CURATED, table.stateName());
    return model.withCluster(
        clusteredBy.isEmpty()
            ? Optional.empty()
            : Optional.of(new Cluster(clusteredBy, "as it was created")));
  }
}
