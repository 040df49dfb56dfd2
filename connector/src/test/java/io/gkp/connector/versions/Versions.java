package io.gkp.connector.versions;

import java.util.stream.IntStream;

/**
 * The versions between which the export asks PostgreSQL something else, or gets another answer: 14,
 * the oldest; 15, which knows lists of columns in publications; 18, which sends generated columns.
 * {@link EveryVersionTest} and {@code CrashOnEveryVersionTest} try the others, too.
 *
 * @see <a href="https://www.postgresql.org/docs/15/release-15.html">Release 15</a>
 * @see <a href="https://www.postgresql.org/docs/18/release-18.html">Release 18</a>
 */
final class Versions {
  private Versions() {}

  static IntStream thatDiffer() {
    return IntStream.of(14, 15, 18);
  }
}
