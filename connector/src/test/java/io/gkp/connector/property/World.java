package io.gkp.connector.property;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.cli.Cli;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.Export;
import io.gkp.connector.export.RunReport;
import io.gkp.connector.faults.ChildRun;
import io.gkp.connector.faults.SourceLog;
import io.gkp.connector.faults.SourceLog.Transaction;
import io.gkp.connector.property.ExportAction.Backfill;
import io.gkp.connector.property.ExportAction.Ending;
import io.gkp.connector.property.ExportAction.Folding;
import io.gkp.connector.property.ExportAction.Models;
import io.gkp.connector.property.ExportAction.Reset;
import io.gkp.connector.property.ExportAction.Run;
import io.gkp.connector.property.ExportAction.Trouble;
import io.gkp.failure.ExportException;
import io.gkp.name.Lsn;
import io.gkp.sql.model.PolicyTags;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.run.ModelConfig;
import io.gkp.sql.run.ModelRunner;
import io.gkp.sql.run.ProgressListener;
import io.gkp.sql.run.Selection;
import io.gkp.testing.TestPostgres;
import io.gkp.testing.wire.Call;
import io.gkp.testing.wire.Fault;
import io.gkp.testing.wire.Wire;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A database, a warehouse and an export, to which a story happens. */
final class World implements AutoCloseable {
  private static final Selection LATEST_AND_HISTORY =
      Selection.parse("latest_*,history_*,published_epochs");
  private static final Datasets DATASETS = Datasets.one(Deployment.PROJECT, Deployment.DATASET);

  private static final int KILLED = 137;

  private final Wire wire = new Wire();
  private final Deployment deployment =
      new Deployment(
          List.of(wire),
          Stream.of(SourceTable.values()).map(SourceTable::table).toArray(String[]::new));
  private final SourceLog log;
  private final Sessions sessions;
  private final Invariants invariants;
  private boolean hasDrained;

  /** Whether the next run reads rows of a table. */
  private boolean isReadDue;

  private World() throws SQLException {
    TestPostgres.Database database = deployment.database;
    for (SourceTable table : SourceTable.values()) {
      database.execute(table.ddl().toArray(String[]::new));
    }
    database.execute(
        "CREATE PUBLICATION gkp_export FOR TABLE "
            + Stream.of(SourceTable.values())
                .map(SourceTable::table)
                .collect(Collectors.joining(", ")));
    log = new SourceLog(database);
    sessions = new Sessions(database);
    invariants = new Invariants(deployment, log);
  }

  /** Lets it all happen, and the export come to rest; checks the invariants on the way. */
  static void tell(Action... actions) {
    tell(new Story(Arrays.asList(actions)));
  }

  static void tell(Story story) {
    try (World world = new World()) {
      for (Action action : story.actions()) {
        world.apply(action);
      }
      world.sessions.settle();
      world.apply(Action.run());
      world.apply(Action.models(Folding.NEVER));
    } catch (SQLException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void apply(Action action) throws SQLException, InterruptedException {
    if (action instanceof SourceAction change) {
      sessions.apply(change);
    } else if (action instanceof Run run) {
      apply(run);
    } else if (action instanceof Models models && hasDrained) {
      apply(models);
    } else if (action instanceof Reset reset && hasDrained) {
      operate("reset", "--table", reset.table().table());
    } else if (action instanceof Backfill backfill && hasDrained) {
      operate(
          "backfill",
          "--table",
          backfill.table().table(),
          "--where",
          "id % 2 = " + backfill.remainder());
    }
  }

  private void operate(String... command) {
    Cli cli =
        Cli.run(
            deployment,
            Stream.of(Stream.of("offsets"), Arrays.stream(command), Stream.of("--yes"))
                .flatMap(part -> part)
                .toArray(String[]::new));
    assertThat(cli.code()).as(cli.err()).isZero();
    isReadDue = true;
  }

  private void apply(Run run) throws SQLException, InterruptedException {
    if (hasSlot()) {
      sessions.letTransactionsStayOpen();
    } else {
      sessions.settle();
    }
    if (isReadDue) {
      sessions.settleMoves();
    }
    deployment.withLimits(run.batches().limits);
    List<Transaction> before = log.transactions();
    Predicate<Call> now = run.meanwhile().when();
    wire.observe(
        call -> {
          if (now.test(call)) {
            happen(run.meanwhile().actions());
          }
        });
    boolean drained = run.trouble().ending().isKill() ? runAsProcess(run) : runHere(run);
    wire.calm();
    hasDrained |= drained;
    isReadDue &= !drained;
    if (drained) {
      invariants.drained(before.isEmpty() ? Lsn.NONE : before.get(before.size() - 1).end());
    }
    invariants.check();
  }

  private boolean runHere(Run run) {
    Export export = deployment.export();
    Wire.Script trouble = arrange(run.trouble(), export);
    RunReport report = export.run();
    if (trouble.hits() == 0) {
      assertThat(report.error()).isNull();
      assertThat(report.status()).isEqualTo(RunReport.Status.DRAINED);
    }
    return report.status() == RunReport.Status.DRAINED;
  }

  private Wire.Script arrange(Trouble trouble, Export export) {
    return switch (trouble.ending()) {
      case STOPS -> wire.once(trouble.when(), Fault.after(export::requestStop));
      case DIES_BEFORE -> wire.cutOffAt(trouble.when(), false);
      case DIES_AFTER -> wire.cutOffAt(trouble.when(), true);
      default -> throw new IllegalArgumentException(trouble.toString());
    };
  }

  private boolean runAsProcess(Run run) throws InterruptedException {
    AtomicReference<ChildRun> process = new AtomicReference<>();
    boolean effect = run.trouble().ending() == Ending.IS_KILLED_AFTER;
    Wire.Script trouble =
        wire.once(
            run.trouble().when(),
            (call, chain) -> {
              (effect ? Fault.loseAnswer() : Fault.reset()).apply(call, chain);
              process.get().kill();
            });
    process.set(ChildRun.start(deployment, Map.of()));
    try (ChildRun child = process.get()) {
      int code = child.exitCode();
      assertThat(code).as(child.log()).isIn(0, KILLED);
      assertThat(code == 0 || trouble.hits() == 1).isTrue();
      return code == 0;
    }
  }

  private void happen(List<SourceAction> actions) {
    try {
      for (SourceAction action : actions) {
        sessions.apply(action);
      }
      if (isReadDue) {
        sessions.settleMoves();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void apply(Models models) {
    boolean dies = models.diesAtJob() > 0;
    boolean done = false;
    if (dies) {
      wire.cutOffAt(Call.nth(models.diesAtJob(), call -> call.is(Call.Kind.CREATE_JOB)), false);
    }
    try {
      done =
          ModelRunner.run(
                  deployment.bigquery(),
                  new ModelConfig(
                      DATASETS,
                      Optional.empty(),
                      models.folding().policy,
                      Optional.empty(),
                      PolicyTags.NONE),
                  LATEST_AND_HISTORY,
                  ProgressListener.NONE)
              .ran();
      assertThat(done || dies).isTrue();
    } catch (ExportException e) {
      if (!dies) {
        throw e;
      }
    } finally {
      wire.calm();
    }
    if (done) {
      invariants.modelsRan();
    }
    invariants.check();
    invariants.checkHistory();
  }

  private boolean hasSlot() throws SQLException {
    try (var connection = deployment.database.connect();
        var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "SELECT 1 FROM pg_replication_slots WHERE slot_name = '"
                    + deployment.slot()
                    + "'")) {
      return row.next();
    }
  }

  @Override
  public void close() throws SQLException {
    wire.calm();
    sessions.close();
    log.close();
    deployment.close();
    TestPostgres.shared().drop(deployment.database);
  }
}
