package io.gkp.sql.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.sql.model.Kind;
import io.gkp.sql.model.Layer;
import io.gkp.sql.model.Layout;
import io.gkp.sql.render.RenderedModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ChecksUnderwayTest {
  @Test
  @Timeout(60)
  void aSlowQueryHoldsUpNoOtherAndItsPlaceIsKept() {
    CountDownLatch second = new CountDownLatch(1);
    try (ChecksUnderway checks =
        new ChecksUnderway(
            model -> {
              if (model.name().equals("slow")) {
                await(second);
              }
              second.countDown();
              return Map.of(model.name(), 1L);
            })) {
      checks.begin(model("slow"));
      checks.begin(model("second"));

      assertThat(checks.counts().values())
          .containsExactly(Map.of("slow", 1L), Map.of("second", 1L));
    }
  }

  @Test
  void aQueryThatFailsIsTheCallersFailure() {
    ExportException refused = new ExportException(Failure.MODELS_FAILED, "No.", "Ask.");
    try (ChecksUnderway checks =
        new ChecksUnderway(
            model -> {
              throw refused;
            })) {
      checks.begin(model("any"));

      assertThatThrownBy(checks::counts).isSameAs(refused);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static RenderedModel model(String name) {
    return new RenderedModel(
        name,
        Layer.MARTS,
        Kind.VIEW,
        "",
        List.of(),
        new Layout(Optional.empty(), Optional.empty()),
        List.of(),
        List.of(),
        Set.of(),
        "SELECT 1");
  }
}
