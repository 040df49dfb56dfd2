package io.gkp.connector.faults;

import static io.gkp.connector.faults.KilledRuns.checkpointDone;
import static io.gkp.connector.faults.KilledRuns.partCall;

import io.gkp.connector.faults.Kill.When;
import io.gkp.testing.TestPostgres;
import io.gkp.testing.wire.Call.Kind;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The newest version has {@link CrashTest}; here is what decides about each other one. */
class CrashOnEveryVersionTest {
  static IntStream versions() {
    return TestPostgres.versions().filter(version -> version != 18);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void runsThatAreKilledLoseAndDoubleNothing(int version) throws Exception {
    try (KilledRuns runs = new KilledRuns(TestPostgres.version(version), 20_261_128)) {
      runs.cutOffAt("in the first snapshot", partCall(Kind.UPLOAD), When.AFTER);
      runs.drain();
      runs.workload.large(250);
      runs.cutOffAt(
          "in the middle of a large transaction",
          call -> call.is(Kind.UPLOAD) && call.isPartFrom(3),
          When.AFTER);
      runs.killAt("before the slot is moved", checkpointDone(), When.AFTER);
      runs.drain();
      runs.assertExactlyOnce();
    }
  }
}
