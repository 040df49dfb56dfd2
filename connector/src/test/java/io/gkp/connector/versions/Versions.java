package io.gkp.connector.versions;

import java.util.stream.IntStream;

/**
 * The versions that differ in what a publication sends, or in how it is asked for that: 14, the
 * oldest; 15, which knows lists of columns; 18, which sends generated columns. What else differs
 * (slots that fail over, time-outs) has tests of its own, and {@link EveryVersionTest} runs on all.
 *
 * @see <a href="https://www.postgresql.org/docs/release/15.0/">Release 15</a>
 * @see <a href="https://www.postgresql.org/docs/release/18.0/">Release 18</a>
 */
final class Versions {
  private Versions() {}

  static IntStream thatDiffer() {
    return IntStream.of(14, 15, 18);
  }
}
