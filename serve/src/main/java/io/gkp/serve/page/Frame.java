package io.gkp.serve.page;

import io.gkp.serve.access.Caller;
import io.gkp.serve.backend.Backend;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all pages have.
 *
 * @param caller null where nobody has signed in
 * @param refreshSeconds how often the page shows what is new; 0 for never
 * @param deployment what is exported to where
 */
public record Frame(
    String title,
    List<Link> links,
    @Nullable String caller,
    boolean mayChange,
    int refreshSeconds,
    String deployment) {
  /** An entry of the menu. */
  public record Link(String name, String path, boolean current) {}

  static Frame of(String title, String path, Caller caller, int refreshSeconds, Backend backend) {
    return new Frame(
        title,
        List.of(
            link("Overview", "/", path),
            link("Doctor", "/doctor", path),
            link("Models", "/models", path)),
        caller == null ? null : caller.name(),
        caller != null && caller.mayChange(),
        refreshSeconds,
        caller == null
            ? ""
            : backend.config().source().describe()
                + " → "
                + backend.config().destination().project()
                + "."
                + backend.config().destination().dataset());
  }

  private static Link link(String name, String path, String current) {
    return new Link(name, path, path.equals(current));
  }

  /** Where the page of a table is; a name may hold any character. */
  public static String table(String name) {
    return "/tables?name=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
  }

  /** How an outcome looks: one of {@code ok}, {@code warning}, {@code failing}, {@code going}. */
  public static String level(String outcome) {
    return switch (outcome) {
      case "drained", "done", "completed" -> "ok";
      case "failed" -> "failing";
      case "running" -> "going";
      default -> "warning";
    };
  }
}
