package io.gkp.localbigquery.junit;

import io.gkp.localbigquery.LocalBigQuery;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A BigQuery for tests, in memory. Registered by a static field it lasts as long as the test class,
 * by a field of the instance as long as one test, and is empty again for the next:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final LocalBigQueryExtension bigQuery = new LocalBigQueryExtension();
 *
 * BigQuery client =
 *     BigQueryOptions.newBuilder()
 *         .setHost(bigQuery.host())
 *         .setProjectId("any-project")
 *         .setCredentials(NoCredentials.getInstance())
 *         .build()
 *         .getService();
 * }</pre>
 *
 * @see <a
 *     href="https://junit.org/junit5/docs/current/user-guide/#extensions-registration-programmatic">how
 *     JUnit registers extensions</a>
 */
public final class LocalBigQueryExtension
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private LocalBigQuery server;
  private boolean lastsForTheClass;

  /**
   * What clients take as host, such as {@code http://127.0.0.1:40117}.
   *
   * @throws IllegalStateException outside of the tests that the server is registered for
   */
  public String host() {
    if (server == null) {
      throw new IllegalStateException(
          "The local BigQuery is not running. Register it with @RegisterExtension, and ask for its"
              + " host in a test or in @BeforeEach.");
    }
    return server.host();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    lastsForTheClass = true;
    start();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    if (!lastsForTheClass) {
      start();
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (!lastsForTheClass) {
      stop();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    stop();
  }

  private void start() {
    server = LocalBigQuery.inMemory().start();
  }

  private void stop() {
    if (server != null) { // it could not start, which the test says already
      server.close();
      server = null;
    }
  }
}
