package io.gkp.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.testing.Libraries;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The image of the server has more in it than that of the export. */
class ServedLibrariesTest {
  @Test
  void noLibraryIsOlderThanItsAdvisories() {
    Map<String, String> libraries = Libraries.onClassPath();
    assertThat(libraries).containsKeys("org.eclipse.jetty:jetty-server", "io.javalin:javalin");
    assertThat(Libraries.breached(libraries)).isEmpty();
  }
}
