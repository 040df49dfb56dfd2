package io.gkp.localbigquery.rest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.gkp.localbigquery.api.ApiException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers HTTP requests by the {@link Router}, and turns whatever is thrown into an error body. */
public final class HttpApi implements HttpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(HttpApi.class);
  private static final String METHOD_OVERRIDE = "X-HTTP-Method-Override";

  private final Router router;
  private final LocalOnly localOnly;

  HttpApi(Router router, LocalOnly localOnly) {
    this.router = router;
    this.localOnly = localOnly;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      send(exchange, answer(exchange));
    }
  }

  private Response answer(HttpExchange exchange) throws IOException {
    String override = exchange.getRequestHeaders().getFirst(METHOD_OVERRIDE);
    String method = override == null ? exchange.getRequestMethod() : override;
    String path = exchange.getRequestURI().getRawPath();
    LOG.debug("{} {}", method, exchange.getRequestURI());
    try {
      localOnly.check(exchange.getRequestHeaders());
      Optional<Router.Match> match = router.match(method, path);
      if (match.isEmpty()) {
        throw ApiException.notImplemented(method + " " + path);
      }
      Request request = new Request(exchange, match.get().variables());
      return match.get().handler().handle(request);
    } catch (ApiException e) {
      LOG.debug("{} {}: {}", method, path, e.reason()); // the message may hold values of rows
      return ErrorBody.of(e);
    } catch (RuntimeException | Error e) {
      LOG.error("{} {} failed", method, path, e);
      return ErrorBody.of(
          new ApiException(500, "internalError", "The server failed; its log says more."));
    }
  }

  private static void send(HttpExchange exchange, Response response) throws IOException {
    response.headers().forEach(exchange.getResponseHeaders()::set);
    if (response.body().length == 0) {
      exchange.sendResponseHeaders(response.status(), -1);
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
    exchange.sendResponseHeaders(response.status(), response.body().length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(response.body());
    }
  }
}
