package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What {@link CrashTest} promises of a seed. */
class SeedTest {
  private static final long SEED = 4711;
  private static final int STEPS = 800;

  /** Everything that a seed decides. */
  private record Story(List<String> journal, List<Kill> kills) {}

  @Test
  void aSeedTellsTheSameStoryWhateverElseGoesOn() throws Exception {
    Story undisturbed = tell(SEED, false);
    assertThat(undisturbed.journal().size()).isGreaterThan(30);
    assertThat(tell(SEED, true)).isEqualTo(undisturbed);
  }

  @Test
  void anotherSeedTellsAnotherStory() throws Exception {
    Story one = tell(SEED, false);
    Story other = tell(SEED + 1, false);
    assertThat(other.journal()).isNotEqualTo(one.journal());
    assertThat(other.kills()).isNotEqualTo(one.kills());
  }

  private static Story tell(long seed, boolean disturbed) throws Exception {
    try (Deployment deployment = new Deployment(Workload.TABLES).withoutViews()) {
      Workload.createTables(deployment.database);
      try (SourceHistory history = new SourceHistory(deployment.database);
          Workload workload = new Workload(deployment.database, seed)) {
        if (disturbed) {
          try (Workload.Background busy = workload.inBackground(STEPS)) {
            deployment.run();
            deployment.run();
          }
        } else {
          workload.steps(STEPS);
          workload.settle();
        }
        workload.large(100);
        workload.settle();
        List<String> journal = history.transactions().stream().map(SeedTest::sorted).toList();
        return new Story(journal, Kill.plan(seed, 20));
      }
    }
  }

  /** A statement finds rows in the order in which they lie: vacuum and pruning decide that, too. */
  private static String sorted(String transaction) {
    return Arrays.stream(transaction.split("; ")).sorted().collect(Collectors.joining("; "));
  }
}
