package io.gkp.connector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ValueSearchTest {
  private final ValueSearch search =
      new ValueSearch(List.of("amber", "amber road", "amber rose", "größe 5", "12-ab"));

  @Test
  void findsWholeWordsWhereverTheyStand() {
    assertThat(search.in("amber")).containsExactly("amber");
    assertThat(search.in("(amber)=12-ab")).containsExactlyInAnyOrder("amber", "12-ab");
    assertThat(search.in("an amber rose")).containsExactlyInAnyOrder("amber", "amber rose");
    assertThat(search.in("in größe 5.")).containsExactly("größe 5");
  }

  @Test
  void findsNothingWithinOtherWords() {
    assertThat(search.in("ambers, chamber, 12-abc, größe 55, ambe")).isEmpty();
    assertThat(search.in("")).isEmpty();
    assertThat(search.in("chamber amber")).containsExactly("amber");
  }
}
