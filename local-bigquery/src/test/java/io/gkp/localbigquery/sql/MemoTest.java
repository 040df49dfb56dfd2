package io.gkp.localbigquery.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.localbigquery.sql.analysis.Memo;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoTest {
  private final List<String> asked = new ArrayList<>();
  private final Memo<String, Integer> memo = new Memo<>(10, (argument, value) -> value);

  @Test
  void asksOnce() {
    assertThat(length("four")).isEqualTo(4);
    assertThat(length("four")).isEqualTo(4);
    assertThat(asked).containsExactly("four");
  }

  @Test
  void forgetsWhatWasAskedForLeastRecently() {
    length("four");
    length("five");
    length("four");
    length("third");
    length("four");
    length("five");
    assertThat(asked).containsExactly("four", "five", "third", "five");
  }

  @Test
  void doesNotKeepWhatIsTooLarge() {
    length("eleven-long");
    length("eleven-long");
    assertThat(asked).hasSize(2);
  }

  private int length(String text) {
    return memo.get(
        text,
        unknown -> {
          asked.add(unknown);
          return unknown.length();
        });
  }
}
