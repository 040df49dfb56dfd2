package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.failure.ExitCode;
import io.gkp.failure.Failure;
import io.gkp.testing.wire.Call;
import io.gkp.testing.wire.Call.Kind;
import io.gkp.testing.wire.Fault;
import io.gkp.testing.wire.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** BigQuery is connected, yet says nothing any more, or takes nothing. */
class BigQuerySilenceTest {
  /** Rows whose text does not compress: more than sockets buffer. */
  private static final int ROWS = 16;

  private static final boolean EVERY_REQUEST = Integer.getInteger("faults.every", 0) == 1;

  private static final String INSERT =
      "INSERT INTO items SELECT i, (SELECT string_agg(md5(i || '-' || n), '')"
          + " FROM generate_series(1, 20000) n) FROM generate_series(1, "
          + ROWS
          + ") i";

  private final Wire wire = new Wire();
  private final Deployment deployment =
      new Deployment(List.of(wire), "items")
          .withoutViews()
          .withMaxDuration(Duration.ofMinutes(2))
          .withNetworkTimeout(Duration.ofSeconds(2));

  @BeforeEach
  void start() {
    deployment.database.execute("CREATE TABLE items (id int PRIMARY KEY, name text)");
    deployment.drain();
    deployment.database.execute(INSERT);
  }

  @AfterEach
  void end() {
    deployment.close();
  }

  /** How far a request gets. */
  private record Silence(Kind kind, Fault fault) {}

  /** What befalls one run, each once for a part and once for a checkpoint. */
  static Stream<List<Silence>> silences() {
    Silence openingBefore = new Silence(Kind.OPEN_UPLOAD, Fault.silenceAfter(0));
    Silence openingAfter = new Silence(Kind.OPEN_UPLOAD, Fault.silenceAfterwards());
    Silence contentBefore = new Silence(Kind.UPLOAD, Fault.silenceAfter(0));
    Silence contentInTheMiddle = new Silence(Kind.UPLOAD, Fault.silenceAfter(100_000));
    Silence contentAfter = new Silence(Kind.UPLOAD, Fault.silenceAfterwards());
    Silence askingBefore = new Silence(Kind.GET_JOB, Fault.silenceAfter(0));
    Silence askingAfter = new Silence(Kind.GET_JOB, Fault.silenceAfterwards());
    return EVERY_REQUEST
        ? Stream.of(
            List.of(openingBefore, contentInTheMiddle, askingAfter),
            List.of(openingAfter, contentAfter, askingBefore),
            List.of(contentBefore))
        : Stream.of(List.of(openingBefore, contentInTheMiddle, askingAfter), List.of(contentAfter));
  }

  @ParameterizedTest
  @MethodSource("silences")
  void silenceIsGotOver(List<Silence> silences) {
    List<Wire.Script> scripts = new ArrayList<>();
    for (Silence silence : silences) {
      scripts.add(wire.once(call -> call.is(silence.kind()) && call.isPart(), silence.fault()));
      scripts.add(
          wire.once(call -> call.is(silence.kind()) && call.isCheckpoint(), silence.fault()));
    }
    deployment.drain();
    assertThat(scripts).extracting(Wire.Script::hits).containsOnly(1);
    assertOnce();
  }

  static Stream<Predicate<Call>> beginnings() {
    return Stream.of(call -> true, call -> call.is(Kind.UPLOAD) && call.isPart());
  }

  @ParameterizedTest
  @MethodSource("beginnings")
  void silenceThatLastsEndsTheRunAndTheNextGoesOn(Predicate<Call> from) {
    wire.once(
        from,
        (call, chain) -> {
          wire.always(any -> true, Fault.silenceAfter(0));
          Fault.silenceAfter(0).apply(call, chain);
        });
    RunReport report = deployment.run();
    assertThat(report.error().code()).isEqualTo(Failure.DESTINATION_UNREACHABLE.code());
    assertThat(report.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    wire.calm();
    deployment.drain();
    assertOnce();
  }

  private void assertOnce() {
    assertThat(deployment.changelog("raw_items", "id"))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, ROWS).mapToObj(i -> "c " + i).toList());
  }
}
