package io.gkp.demo.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenThingsTest {
  private final List<String> closed = new ArrayList<>();

  @Test
  void theLastOpenedIsClosedFirstAndAFailureStopsNoOther() throws Exception {
    try (OpenThings things = new OpenThings()) {
      things.add(() -> thing("first"));
      things.add(
          () ->
              () -> {
                throw new IllegalStateException("cannot close");
              });
      things.add(() -> thing("third"));
    }
    assertThat(closed).containsExactly("third", "first");
  }

  @Test
  void nothingIsOpenedAfterTheEnd() {
    OpenThings things = new OpenThings();
    things.close();
    assertThatThrownBy(() -> things.add(() -> thing("late"))).hasMessage("closed already");
    assertThat(closed).isEmpty();
  }

  private AutoCloseable thing(String name) {
    return () -> closed.add(name);
  }
}
