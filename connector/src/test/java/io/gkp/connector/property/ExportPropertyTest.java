package io.gkp.connector.property;

import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.ShrinkingMode;

/**
 * Whatever happens to a database and to its export, raw tables, latest views and history views are
 * right whenever nothing runs.
 *
 * <p>{@code -Dtries=500 -Dseed=7} tells so many other stories. What fails is shrunk and printed as
 * the call that tells it again; keep it in {@link ShrunkStoriesTest}.
 */
class ExportPropertyTest {
  private static final int LONGEST = 40;

  /** A build that fails can be built again; other stories are for whoever asks for them. */
  private static final long DEFAULT_SEED = 20_261_124;

  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
  void rawLatestAndHistoryAreWhatTheSourceWas(@ForAll("stories") Story story) {
    World.tell(story);
  }

  @Provide
  Arbitrary<Story> stories() {
    long seed = Long.getLong("seed", DEFAULT_SEED);
    RandomGenerator<Story> generator = Stories.stories(LONGEST).generator(1_000);
    return Arbitraries.fromGenerator(
        random -> generator.next(new Random(seed ^ random.nextLong())));
  }
}
