package io.gkp.connector.silence;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import javax.net.SocketFactory;

/** Connects the JDBC driver, which creates it by its name, to a Unix socket. */
public final class UnixSocketFactory extends SocketFactory {
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

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(
      InetAddress address, int port, InetAddress localAddress, int localPort) {
    throw new UnsupportedOperationException();
  }
}
