package io.gkp.connector.cli.run;

import io.gkp.failure.ExitCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Ends a run in good order on SIGTERM or Ctrl-C. The JVM would exit with 143 whatever the run says,
 * so the exit code is set by halting once the run is over.
 *
 * @see <a href="https://cloud.google.com/run/docs/container-contract#jobs-shutdown">Cloud Run</a>:
 *     SIGKILL follows ten seconds after SIGTERM
 */
final class SignalStop implements AutoCloseable {
  private static final long LONGEST_SECONDS = 9;

  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
  private final Thread hook;

  private SignalStop(Runnable requestStop) {
    this.hook =
        new Thread(
            () -> {
              requestStop.run();
              int code = ExitCode.STOPPED_EARLY;
              try {
                code = exitCode.get(LONGEST_SECONDS, TimeUnit.SECONDS);
              } catch (InterruptedException | ExecutionException | TimeoutException e) {
                // What was committed stays committed; the next run goes on from there.
              }
              Runtime.getRuntime().halt(code);
            },
            "stop");
  }

  static SignalStop install(Runnable requestStop) {
    SignalStop stop = new SignalStop(requestStop);
    Runtime.getRuntime().addShutdownHook(stop.hook);
    return stop;
  }

  /** The run is over and has been reported. */
  void exitCode(int code) {
    exitCode.complete(code);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is going down already; the hook ends it.
    }
  }
}
