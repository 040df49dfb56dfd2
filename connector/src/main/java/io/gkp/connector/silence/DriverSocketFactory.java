package io.gkp.connector.silence;

import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * A factory as the driver uses one: it asks for a socket, and connects that itself where it is not
 * connected yet.
 */
abstract class DriverSocketFactory extends SocketFactory {
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
