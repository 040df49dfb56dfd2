package io.gkp.connector.silence;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;

/** Connects the JDBC driver, which creates it by its name, to a Unix socket. */
public final class UnixSocketFactory extends DriverSocketFactory {
  private final Path file;

  /**
   * @param file the driver's {@code socketFactoryArg}
   */
  public UnixSocketFactory(String file) {
    this.file = Path.of(file);
  }

  /** Connected already, so that the driver looks for no host. */
  @Override
  public Socket createSocket() throws IOException {
    return new UnixSocket(file);
  }
}
