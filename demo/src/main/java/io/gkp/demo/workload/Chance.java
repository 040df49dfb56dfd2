package io.gkp.demo.workload;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Seeded chance: the same seed and stream name give the same draws on every Java version.
 *
 * <p>Everything derives from {@link SplittableRandom#nextLong()}, whose sequence is fixed by its
 * algorithm, and {@link StrictMath}; bounded draws of the library are free to change.
 */
final class Chance {
  private static final String HEX = "0123456789abcdef";

  private final SplittableRandom random;

  /**
   * @param stream names an independent sequence, so that more draws in one place move no other
   */
  Chance(long seed, String stream) {
    this.random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + stream.hashCode());
  }

  /** Uniform in [0, 1). */
  double uniform() {
    return (random.nextLong() >>> 11) * 0x1p-53;
  }

  boolean happens(double probability) {
    return uniform() < probability;
  }

  /** Uniform in [low, high], both included. */
  int between(int low, int high) {
    return low + (int) (uniform() * (high - low + 1));
  }

  <T> T pick(List<T> choices) {
    return choices.get(between(0, choices.size() - 1));
  }

  /** An index drawn in proportion to its weight. */
  int weighted(int... weights) {
    int sum = 0;
    for (int weight : weights) {
      sum += weight;
    }
    int left = between(0, sum - 1);
    int index = 0;
    while (left >= weights[index]) {
      left -= weights[index++];
    }
    return index;
  }

  double gaussian() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform()));
    return radius * StrictMath.cos(2 * StrictMath.PI * uniform());
  }

  /** Long-tailed: half of the draws are below the median, and {@code sigma} stretches the tail. */
  int logNormal(double median, double sigma) {
    return (int) Math.max(1, Math.round(median * StrictMath.exp(sigma * gaussian())));
  }

  /** A count that varies around its mean as counts of independent events do. */
  int count(double mean) {
    return (int) Math.max(0, Math.round(mean + StrictMath.sqrt(mean) * gaussian()));
  }

  String hex(int digits) {
    StringBuilder text = new StringBuilder(digits);
    for (int i = 0; i < digits; i++) {
      text.append(HEX.charAt(between(0, 15)));
    }
    return text.toString();
  }
}
