package io.gkp.localbigquery.rest;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which method and path is answered by what. */
final class Router {
  /** Answers a request; may throw {@link io.gkp.localbigquery.api.ApiException}. */
  interface Handler {
    Response handle(Request request) throws IOException;
  }

  /** What is left of a request's path: who answers it, and the values of the variables. */
  record Match(Handler handler, Map<String, String> variables) {}

  private record Route(String method, List<String> segments, Handler handler) {}

  private final List<Route> routes = new ArrayList<>();

  /**
   * @param path segments behind {@code /bigquery/v2/}, variables in braces; a variable may be
   *     followed by a verb, as in <code>{table}:getIamPolicy</code>
   */
  Router on(String method, String path, Handler handler) {
    routes.add(new Route(method, List.of(path.split("/")), handler));
    return this;
  }

  /** Answers all that another router does, behind a prefix. */
  Router mount(String prefix, Router other) {
    List<String> mounted = prefix.isEmpty() ? List.of() : List.of(prefix.split("/"));
    for (Route route : other.routes) {
      List<String> segments = new ArrayList<>(mounted);
      segments.addAll(route.segments());
      routes.add(new Route(route.method(), segments, route.handler()));
    }
    return this;
  }

  Optional<Match> match(String method, String rawPath) {
    List<String> segments = new ArrayList<>();
    for (String segment : rawPath.split("/")) {
      if (!segment.isEmpty()) {
        segments.add(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
      }
    }
    return routes.stream()
        .filter(route -> route.method().equals(method))
        .flatMap(
            route ->
                variables(route.segments(), segments).stream()
                    .map(variables -> new Match(route.handler(), variables)))
        .findFirst();
  }

  private static Optional<Map<String, String>> variables(
      List<String> pattern, List<String> segments) {
    if (pattern.size() != segments.size()) {
      return Optional.empty();
    }
    Map<String, String> variables = new HashMap<>();
    for (int i = 0; i < pattern.size(); i++) {
      String expected = pattern.get(i);
      int end = expected.indexOf('}');
      String verb = expected.substring(end + 1);
      if (end > 0 && segments.get(i).endsWith(verb)) {
        String value = segments.get(i).substring(0, segments.get(i).length() - verb.length());
        variables.put(expected.substring(1, end), value);
      } else if (!expected.equals(segments.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(variables);
  }
}
