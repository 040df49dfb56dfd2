package io.gkp.connector.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Dataset;
import com.google.cloud.bigquery.DatasetId;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.spi.v2.HttpBigQueryRpc;
import io.gkp.bigquery.Ahead;
import io.gkp.bigquery.BigQueryClients;
import io.gkp.bigquery.Calls;
import io.gkp.bigquery.DestinationConfig;
import io.gkp.bigquery.DestinationFailures;
import io.gkp.bigquery.Failures;
import io.gkp.bigquery.Inheritance;
import io.gkp.bigquery.LoadJobs;
import io.gkp.bigquery.LoadRequest;
import io.gkp.bigquery.OwnThread;
import io.gkp.bigquery.QueryJobs;
import io.gkp.connector.changelog.ChangelogDestination;
import io.gkp.connector.changelog.ChangelogTable;
import io.gkp.connector.changelog.Part;
import io.gkp.connector.changelog.PartId;
import io.gkp.connector.changelog.Receipt;
import io.gkp.connector.changelog.Settlement;
import io.gkp.connector.config.NewColumns;
import io.gkp.connector.mapping.schema.ColumnAdmission;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import io.gkp.offsets.ControlStore;
import io.gkp.offsets.ControlTable;
import io.gkp.offsets.Shard;
import io.gkp.sql.model.PolicyTags;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Raw changelog tables in one BigQuery dataset, one load job per part. */
public final class BigQueryDestination implements ChangelogDestination {
  private static final String READING = "reading the dataset";

  private final BigQuery bigquery;
  private final DestinationConfig config;
  private final Failures failures;
  private final Calls calls;
  private final PolicyTags policyTags;

  /** What {@link #lookAhead} has found; null before it, and once that was used. */
  private @Nullable Dataset seen;

  // What is known once the dataset is: see check and open.
  @SuppressWarnings("NullAway.Init")
  private String location;

  @SuppressWarnings("NullAway.Init")
  private LoadJobs loads;

  @SuppressWarnings("NullAway.Init")
  private RawTables tables;

  /** One for all, so that each control table is looked at once. */
  @SuppressWarnings("NullAway.Init")
  private BigQueryControlStore controlTables;

  /** Without policy tags. */
  public BigQueryDestination(BigQuery bigquery, DestinationConfig config) {
    this(bigquery, config, PolicyTags.NONE);
  }

  /**
   * @param policyTags what columns with personal data get
   */
  public BigQueryDestination(BigQuery bigquery, DestinationConfig config, PolicyTags policyTags) {
    this.policyTags = policyTags;
    this.bigquery = bigquery;
    this.config = config;
    this.failures = new DestinationFailures(config);
    this.calls = new Calls(config);
  }

  /** Asks for the dataset, and changes nothing; {@link #check} need not ask then. */
  public void lookAhead() {
    seen = dataset();
  }

  @Override
  public void check() {
    Dataset dataset = seen == null ? dataset() : seen;
    seen = null;
    Dataset existing = dataset == null ? createDataset() : dataset;
    open(existing, true);
    if (Inheritance.ends(existing)) {
      // The first table shows whether tables may stay, before anything is begun on either side.
      controlTables.ensureExists(ControlTable.CHECKPOINTS);
    }
  }

  /** Like {@link #check}, but changes nothing; a missing dataset is an error. */
  public void open() {
    Dataset dataset = dataset();
    if (dataset == null) {
      throw new ExportException(
          Failure.DATASET_MISSING,
          "Dataset " + config.describe() + " does not exist.",
          "Check --project and --dataset; the first run of export-bigquery creates it.");
    }
    open(dataset, false);
  }

  /** A wrong host or no network is said soon; later in a run, trouble is waited out for longer. */
  private Dataset dataset() {
    BigQuery impatient = BigQueryClients.impatient(bigquery);
    try {
      return OwnThread.call(() -> impatient.getDataset(id()));
    } catch (BigQueryException | IOException e) {
      if (e instanceof BigQueryException answer && answer.getCode() > 0) {
        return calls.repeatToTheEnd(READING, () -> bigquery.getDataset(id()));
      }
      throw failures.of(READING, e);
    } catch (InterruptedException e) {
      throw Calls.interrupted(READING, e);
    }
  }

  private DatasetId id() {
    return DatasetId.of(config.project(), config.dataset());
  }

  /** Whether the models find a table's rows by the key that it has at the source. */
  public boolean isKeyedAs(SourceTable source) {
    return tables.isKeyedAs(source);
  }

  /** Rows in the raw table of a source table; empty where there is no such table yet. */
  public OptionalLong rawRows(TableName source) {
    return tables.rows(source);
  }

  /** Decides on columns that came after the raw tables that there are now. */
  public ColumnAdmission admission(NewColumns policy) {
    return new ColumnAdmission(policy, tables::schema);
  }

  /**
   * Deletes the rows of batches that no checkpoint speaks of.
   *
   * @param from the first batch
   * @param count how many
   */
  public void deleteBatches(String raw, long from, int count) {
    tables.deleteBatches(raw, from, count);
  }

  /**
   * Deletes the rows of snapshots that were never read to the end.
   *
   * @param shard whose epochs; another one may be reading the table at this moment
   * @param from the first epoch
   * @param to the last epoch
   */
  public void deleteEpochs(String raw, Shard shard, long from, long to) {
    tables.deleteEpochs(raw, shard, from, to);
  }

  /**
   * Rows of an epoch that came by updates alone, and by none that brought all columns.
   *
   * @param key names of the key's columns in the raw table
   * @param most how many are asked for
   * @return their keys as text; null for a part that BigQuery could not hold
   */
  public List<List<@Nullable String>> keysWithoutValues(
      String raw, List<String> key, long epoch, int most) {
    String table = config.project() + "." + config.dataset() + "." + raw;
    return new QueryJobs(bigquery, config.project(), location, calls)
            .rows(
                "looking for values that are missing in " + raw,
                KeysWithoutValues.sql(table, key, epoch, most))
            .stream()
            .map(row -> row.stream().map(BigQueryDestination::textOrNull).toList())
            .toList();
  }

  private static @Nullable String textOrNull(FieldValue value) {
    return value.isNull() ? null : value.getStringValue();
  }

  private void open(Dataset dataset, boolean mayMend) {
    location = dataset.getLocation();
    if (config.location() != null && !config.location().equalsIgnoreCase(location)) {
      throw new ExportException(
          Failure.DATASET_LOCATION,
          "Dataset %s is in %s, not in %s."
              .formatted(config.describe(), location, config.location()),
          "Correct --location, or choose another --dataset: a dataset cannot be moved.");
    }
    Ahead<Boolean> isCaseInsensitive = Ahead.of(this::isCaseInsensitive);
    loads = new LoadJobs(bigquery, config, location);
    tables = new RawTables(bigquery, config, location, policyTags);
    controlTables = new BigQueryControlStore(bigquery, config, location, loads, mayMend);
    if (mayMend) {
      controlTables.lookAhead();
    }
    if (isCaseInsensitive.get(READING)) {
      throw new ExportException(
          Failure.DATASET_UNFIT,
          "Dataset "
              + config.describe()
              + " takes names of tables that differ by case only for the same.",
          "Two source tables could become one. Run bq query --use_legacy_sql=false 'ALTER SCHEMA `"
              + config.describe()
              + "` SET OPTIONS (is_case_insensitive = FALSE)', or choose another --dataset.");
    }
  }

  /** The client's own class for datasets does not have it. */
  private boolean isCaseInsensitive() {
    return calls.repeatToTheEnd(
        READING,
        () ->
            Boolean.TRUE.equals(
                new HttpBigQueryRpc(bigquery.getOptions())
                    .getDataset(config.project(), config.dataset(), Map.of())
                    .getIsCaseInsensitive()));
  }

  private Dataset createDataset() {
    DatasetInfo.Builder info =
        DatasetInfo.newBuilder(id())
            .setDescription("Operational history of the Grounded Knowledge Platform.");
    if (config.location() != null) {
      info.setLocation(config.location());
    }
    try {
      calls.create("creating the dataset", () -> bigquery.create(info.build()));
    } catch (ExportException e) {
      if (e.failure() == Failure.DESTINATION_PERMISSION) {
        throw new ExportException(
            Failure.DATASET_MISSING,
            "Dataset " + config.describe() + " does not exist, and creating it is not permitted.",
            """
            Let an administrator run bq mk --dataset %s:%s and grant roles/bigquery.dataEditor \
            on it."""
                .formatted(config.project(), config.dataset()),
            e);
      }
      throw e;
    }
    return calls.repeatToTheEnd(READING, () -> bigquery.getDataset(id()));
  }

  /** The control tables beside the raw tables; after {@link #check} or {@link #open}. */
  public ControlStore controlStore() {
    return controlTables;
  }

  /** For questions to the dataset beside the changelog. */
  public BigQuery client() {
    return bigquery;
  }

  /** Asks for raw tables that will be opened one after the other. */
  public void lookAhead(List<TableName> sources) {
    tables.lookAhead(sources);
  }

  @Override
  public ChangelogTable table(SourceTable source, ChangelogTable.SchemaReport report) {
    return tables.open(source, report, true);
  }

  @Override
  public ChangelogTable existingTable(SourceTable source, ChangelogTable.SchemaReport report) {
    return tables.open(source, report, false);
  }

  /** Makes a table for rows of the source that are read to be compared; empties an earlier one. */
  public ChangelogTable sideTable(SourceTable source, Instant now) {
    return tables.side(source, now);
  }

  @Override
  public boolean claim(String lineage, long batch) throws InterruptedException {
    return loads.claim(JobIds.claim(lineage, batch));
  }

  @Override
  public Settlement settle(PartId id) throws InterruptedException {
    LoadJobs.Settled settled = loads.settle(JobIds.of(id));
    return new Settlement(
        settled.found().map(found -> PartLabels.read(found.labels(), found.isLoaded())),
        settled.nextAttempt());
  }

  @Override
  public Pending accept(Part part) throws InterruptedException {
    LoadRequest request =
        new LoadRequest(
            JobIds.of(part.id()),
            part.id().table(),
            tables.schemaOf(part),
            PartLabels.of(part),
            part.content(),
            part.rows());
    LoadJobs.Accepted accepted = loads.accept(request, part.attempt());
    return () -> new Receipt(part, loads.untilLoaded(accepted).getJobId().getJob(), part.rows());
  }
}
