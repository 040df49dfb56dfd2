package io.gkp.localbigquery.translate;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBWritableVector;

/** What Java computes for DuckDB, a vector of rows at a time. Equal ones are one. */
interface Evaluation {
  /**
   * @param in the evaluation's number, then its arguments
   */
  void evaluate(DuckDBDataChunkReader in, DuckDBWritableVector out);

  /** DuckDB knows an evaluation by its number, the same for equal ones. */
  static long number(Evaluation evaluation) {
    return Numbers.of(evaluation);
  }

  static Evaluation of(long number) {
    return Numbers.EVALUATIONS.get(number);
  }

  /** Every evaluation that this process has known. */
  final class Numbers {
    private static final Map<Evaluation, Long> NUMBERS = new ConcurrentHashMap<>();
    private static final Map<Long, Evaluation> EVALUATIONS = new ConcurrentHashMap<>();

    private Numbers() {}

    private static long of(Evaluation evaluation) {
      return NUMBERS.computeIfAbsent(
          evaluation,
          e -> {
            long number = NUMBERS.size();
            while (EVALUATIONS.putIfAbsent(number, e) != null) {
              number++;
            }
            return number;
          });
    }
  }
}
