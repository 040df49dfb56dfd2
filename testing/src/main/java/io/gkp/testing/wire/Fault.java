package io.gkp.testing.wire;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Filter.Chain;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** What happens to one request in place of being answered. */
@FunctionalInterface
public interface Fault {
  ObjectMapper JSON = new ObjectMapper();

  void apply(Call call, Chain chain) throws IOException;

  /** An error, and no effect. */
  static Fault refuse(int status, String reason) {
    return (call, chain) -> {
      call.exchange().getRequestBody().readAllBytes();
      error(call.exchange(), status, reason);
    };
  }

  /** The effect, and an error. */
  static Fault refuseAfterwards(int status, String reason) {
    return (call, chain) -> {
      chain.doFilter(new Answer(call.exchange()));
      error(call.exchange(), status, reason);
    };
  }

  /** The connection breaks before anything was read. */
  static Fault reset() {
    return (call, chain) -> call.exchange().close();
  }

  /** The connection breaks after so many bytes of the content. */
  static Fault resetAfter(int bytes) {
    return (call, chain) -> {
      call.exchange().getRequestBody().readNBytes(bytes);
      call.exchange().close();
    };
  }

  /** The effect, and no answer. */
  static Fault loseAnswer() {
    return (call, chain) -> {
      chain.doFilter(new Answer(call.exchange()));
      call.exchange().close();
    };
  }

  /** So many bytes of the content arrive, and then nothing more; no answer comes, ever. */
  static Fault silenceAfter(int bytes) {
    return (call, chain) -> {
      call.exchange().getRequestBody().readNBytes(bytes);
      fallSilent();
    };
  }

  /** The effect, and an answer that never comes. */
  static Fault silenceAfterwards() {
    return (call, chain) -> {
      chain.doFilter(new Answer(call.exchange()));
      fallSilent();
    };
  }

  private static void fallSilent() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server stops
    }
  }

  /** Something happens first; the request is served as usual then. */
  static Fault after(Runnable event) {
    return (call, chain) -> {
      event.run();
      chain.doFilter(call.exchange());
    };
  }

  /** The request is held until the latch opens, and then served. */
  static Fault hold(CountDownLatch latch) {
    return hold(latch, (call, chain) -> chain.doFilter(call.exchange()));
  }

  /** The request is held until the latch opens, and then something else happens to it. */
  static Fault hold(CountDownLatch latch, Fault then) {
    return (call, chain) -> {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      then.apply(call, chain);
    };
  }

  /** The content arrives damaged: the job is created, and fails. */
  static Fault corrupt() {
    return (call, chain) -> {
      byte[] content = call.exchange().getRequestBody().readAllBytes();
      call.exchange().setStreams(new ByteArrayInputStream(new byte[content.length]), null);
      chain.doFilter(call.exchange());
    };
  }

  /** The answer's JSON is changed on its way. */
  static Fault rewrite(Consumer<ObjectNode> change) {
    return (call, chain) -> {
      Answer answer = new Answer(call.exchange());
      chain.doFilter(answer);
      ObjectNode body = (ObjectNode) JSON.readTree(answer.body());
      change.accept(body);
      answer.send(JSON.writeValueAsBytes(body));
    };
  }

  private static void error(HttpExchange exchange, int status, String reason) throws IOException {
    byte[] body =
        """
        {"error": {"code": %d, "message": "scripted", "errors": [{"reason": "%s", "message": "scripted"}]}}
        """
            .formatted(status, reason)
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
