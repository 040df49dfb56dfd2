package io.gkp.bench;

import io.gkp.connector.mapping.row.ChangeOp;
import io.gkp.connector.mapping.row.ChangeRowWriter;
import io.gkp.connector.source.table.PostgresType;
import io.gkp.connector.mapping.schema.RawTable;
import io.gkp.connector.mapping.row.RowMeta;
import io.gkp.connector.mapping.row.RowStats;
import io.gkp.connector.source.table.SourceColumn;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.connector.wire.Tuple;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** One row from the server's bytes to a line of JSON, and what that allocates. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RowWriterBenchmark {
  private static final RowMeta META =
      new RowMeta(1, 7, 42, 123_456_789L, 1234L, Instant.EPOCH, Instant.EPOCH, "run");

  private final ChangeRowWriter narrow = writer("int8", "int4", "numeric", "timestamptz", "text");
  private final Tuple narrowRow =
      Tuple.of("123456", "42", "1234.56", "2026-01-02 03:04:05.678901+00", "a note of some words");

  private final ChangeRowWriter log = writer("text", "varchar", "int8", "bpchar", "json", "int4");
  private final Tuple shortLog = logOf(60);
  private final Tuple longLog = logOf(4096);

  static void run() throws RunnerException {
    new Runner(
            new OptionsBuilder()
                .include(RowWriterBenchmark.class.getName())
                .addProfiler(GCProfiler.class)
                .build())
        .run();
  }

  @Benchmark
  public RowStats narrowRow() throws IOException {
    return narrow.write(OutputStream.nullOutputStream(), ChangeOp.CREATE, narrowRow, META);
  }

  @Benchmark
  public RowStats logOfTwoHundredBytes() throws IOException {
    return log.write(OutputStream.nullOutputStream(), ChangeOp.CREATE, shortLog, META);
  }

  @Benchmark
  public RowStats logOfFourKilobytes() throws IOException {
    return log.write(OutputStream.nullOutputStream(), ChangeOp.CREATE, longLog, META);
  }

  private static Tuple logOf(int answer) {
    String words = "What an \"answer\" looks like,\nword by word. ".repeat(answer / 40 + 1);
    return Tuple.of(words.substring(0, answer), "t7", "1700000000", "openai", "[{\"doc\":7}]", "1");
  }

  private static ChangeRowWriter writer(String... types) {
    List<SourceColumn> columns =
        Stream.of(types).map(type -> new SourceColumn("column_" + type, builtIn(type))).toList();
    return new ChangeRowWriter(RawTable.of(new SourceTable("public", "t", columns)));
  }

  private static PostgresType builtIn(String name) {
    return new PostgresType(1, "pg_catalog", name, PostgresType.Kind.BASE, null, -1, ',');
  }
}
