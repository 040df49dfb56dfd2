package io.gkp.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.gkp.connector.cli.GkpCli;
import io.gkp.demo.workload.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** {@code demo --keep} of a fixed day, inside this process, until it is closed. */
final class KeptDemo implements AutoCloseable {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
  private final Thread thread;

  private KeptDemo() {
    CommandLine line = GkpCli.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    thread =
        new Thread(
            () ->
                exitCode.complete(
                    line.execute("demo", "--keep", "--day", "2026-06-16", "--output", "json")),
            "demo");
    thread.start();
  }

  /** Returns when everything was played and the servers stay up. */
  static KeptDemo start() {
    KeptDemo demo = new KeptDemo();
    await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> demo.exitCode.isDone() || demo.story().contains("Ask something:"));
    assertThat(demo.exitCode.isDone()).as(demo.story()).isFalse();
    return demo;
  }

  /** What it has told. */
  String story() {
    return err.toString();
  }

  JsonNode result() {
    return Json.parseObject(out.toString());
  }

  /** The address of the operators' page, with its token. */
  String page() {
    return told("Page: +(\\S+)");
  }

  /** A connection of the tables' owner; the caller closes it. */
  Connection connect() throws SQLException {
    URI postgres = URI.create(told("psql (\\S+)"));
    String[] owner = postgres.getUserInfo().split(":");
    return DriverManager.getConnection(
        "jdbc:postgresql://" + postgres.getHost() + ":" + postgres.getPort() + postgres.getPath(),
        owner[0],
        owner[1]);
  }

  private String told(String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(story());
    assertThat(matcher.find()).as(story()).isTrue();
    return matcher.group(1);
  }

  /** Ends it as somebody does who has seen enough; everything has added up. */
  @Override
  public void close() throws Exception {
    thread.interrupt();
    assertThat(exitCode.get(1, TimeUnit.MINUTES)).as(story()).isZero();
  }
}
