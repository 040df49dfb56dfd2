package io.gkp.connector.source.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BlockRangesTest {
  @Test
  void rangesMeetAndTheLastHasNoEnd() {
    assertThat(new BlockRanges(2, 1).conditions(10))
        .containsExactly(
            "ctid >= '(0,0)' AND ctid < '(1,0)'",
            "ctid >= '(1,0)' AND ctid < '(2,0)'",
            "ctid >= '(2,0)' AND ctid < '(3,0)'",
            "ctid >= '(3,0)' AND ctid < '(5,0)'",
            "ctid >= '(5,0)' AND ctid < '(6,0)'",
            "ctid >= '(6,0)' AND ctid < '(7,0)'",
            "ctid >= '(7,0)' AND ctid < '(8,0)'",
            "ctid >= '(8,0)'");
  }

  @Test
  void smallTablesAndSingleReadersHaveOneRange() {
    assertThat(new BlockRanges(1, 1).conditions(1_000_000)).hasSize(1);
    assertThat(new BlockRanges(4, 100).conditions(199)).hasSize(1);
    assertThat(new BlockRanges(4, 100).conditions(200)).hasSize(2);
    assertThat(new BlockRanges(4, 1).conditions(0)).containsExactly("ctid >= '(0,0)'");
  }
}
