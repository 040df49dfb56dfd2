package io.gkp.connector.silence;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a Unix socket, as the socket that the JDBC driver expects. The JDK has channels
 * of that kind and no sockets; a channel knows no time limit of reads, so both ways wait by a
 * selector. One thread may read while another writes.
 *
 * @see <a href="https://openjdk.org/jeps/380">JEP 380: Unix-domain socket channels</a>
 */
final class UnixSocket extends Socket {
  private final SocketChannel channel;
  private final Selector readable;
  private final Selector writable;
  private volatile int soTimeout;

  /** Connects. */
  UnixSocket(Path file) throws IOException {
    channel = SocketChannel.open(UnixDomainSocketAddress.of(file));
    try {
      channel.configureBlocking(false);
      readable = Selector.open();
      writable = Selector.open();
      channel.register(readable, SelectionKey.OP_READ);
      channel.register(writable, SelectionKey.OP_WRITE);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public InputStream getInputStream() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer into = ByteBuffer.wrap(bytes, offset, length);
        int read = channel.read(into);
        if (read == 0 && length > 0) {
          await(readable, soTimeout);
          read = channel.read(into);
          if (read == 0) {
            throw new SocketTimeoutException("Read timed out");
          }
        }
        return read;
      }

      /** The driver asks whether something has come; nothing tells without reading. */
      @Override
      public int available() {
        return 0;
      }
    };
  }

  @Override
  public OutputStream getOutputStream() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer from = ByteBuffer.wrap(bytes, offset, length);
        while (from.hasRemaining()) {
          if (channel.write(from) == 0) {
            await(writable, 0);
          }
        }
      }
    };
  }

  /**
   * @param millis 0 for as long as it takes
   */
  private void await(Selector selector, int millis) throws IOException {
    selector.select(millis);
    selector.selectedKeys().clear();
    if (!channel.isOpen()) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public void setSoTimeout(int millis) {
    soTimeout = millis;
  }

  @Override
  public int getSoTimeout() {
    return soTimeout;
  }

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public boolean isClosed() {
    return !channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    channel.close();
    readable.close();
    writable.close();
  }

  @Override
  public void shutdownInput() throws IOException {
    channel.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    try {
      return channel.getRemoteAddress();
    } catch (IOException e) {
      return null; // as of a socket that is not connected
    }
  }

  /** What TCP alone has is nothing to set here. */
  @Override
  public void setTcpNoDelay(boolean on) {}

  @Override
  public void setKeepAlive(boolean on) {}

  @Override
  public void setSendBufferSize(int size) {}

  @Override
  public int getSendBufferSize() {
    return DEFAULT_BUFFER;
  }

  @Override
  public void setReceiveBufferSize(int size) {}

  @Override
  public int getReceiveBufferSize() {
    return DEFAULT_BUFFER;
  }

  private static final int DEFAULT_BUFFER = 8192;
}
