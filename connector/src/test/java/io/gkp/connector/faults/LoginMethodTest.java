package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.failure.ExportException;
import io.gkp.name.TableName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A server that is not the one it should be never gets the password. */
class LoginMethodTest {
  private static final int CLEARTEXT = 3;
  private static final int MD5 = 5;
  private static final String PASSWORD = "top-secret";
  private static final String HERE = "127.0.0.1";

  /** Reaches this machine, too, but not by a name that says so. */
  private static final String ELSEWHERE = "127.1";

  @Test
  void aServerThatAsksForThePasswordInClearDoesNotGetIt() throws Exception {
    for (String host : List.of(HERE, ELSEWHERE)) {
      for (String options : List.of("", "?sslmode=prefer", "?sslmode=allow", "?sslmode=disable")) {
        try (FakeServer server = new FakeServer(CLEARTEXT)) {
          ExportException failure = connect(server, host, options);
          assertThat(server.received()).as(host + options).doesNotContain(PASSWORD);
          assertThat(failure.getMessage() + failure.remedy())
              .as(host + options)
              .doesNotContain(PASSWORD);
          // Without sslmode, TLS is required elsewhere before anything can be asked.
          assertThat(failure.failure().code())
              .as(host + options)
              .isEqualTo(options.isEmpty() && host.equals(ELSEWHERE) ? "GKP-108" : "GKP-114");
        }
      }
    }
  }

  @Test
  void aServerElsewhereThatAsksForAnMd5DigestGetsNone() throws Exception {
    try (FakeServer server = new FakeServer(MD5)) {
      ExportException failure = connect(server, ELSEWHERE, "?sslmode=disable");
      assertThat(server.received()).doesNotContain("md5");
      assertThat(failure.failure().code()).isEqualTo("GKP-114");
      assertThat(failure.getMessage()).contains("require_auth=scram-sha-256", "no password");
      assertThat(failure.remedy()).contains("password_encryption", "require_auth=md5");
    }
  }

  @Test
  void anOperatorMayHaveThePasswordSentInClear() throws Exception {
    try (FakeServer server = new FakeServer(CLEARTEXT)) {
      connect(server, HERE, "?require_auth=password");
      assertThat(server.received()).contains(PASSWORD);
    }
  }

  private static ExportException connect(FakeServer server, String host, String options) {
    SourceConfig source =
        SourceConfig.parse(
            "postgresql://u:" + PASSWORD + "@" + host + ":" + server.port() + "/d" + options,
            null,
            "s",
            "p",
            List.of(new TableName("public", "t")));
    try {
      new SourceDatabase(source).connect().close();
    } catch (ExportException e) {
      return e;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    throw new IllegalStateException("connected");
  }

  /** Offers no TLS, asks for a password, and keeps what it is sent. */
  private static final class FakeServer implements AutoCloseable {
    private static final int SSL_REQUEST = 80877103;
    private static final int GSS_REQUEST = 80877104;

    private final ServerSocket socket;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final Thread thread;

    FakeServer(int method) throws IOException {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      thread = new Thread(() -> serve(method));
      thread.start();
    }

    int port() {
      return socket.getLocalPort();
    }

    private void serve(int method) {
      while (true) {
        try (Socket client = socket.accept()) {
          answer(
              new DataInputStream(client.getInputStream()),
              new DataOutputStream(client.getOutputStream()),
              method);
        } catch (IOException e) {
          if (socket.isClosed()) {
            return;
          } // otherwise the client has gone away
        }
      }
    }

    private void answer(DataInputStream in, DataOutputStream out, int method) throws IOException {
      int code;
      do {
        byte[] message = in.readNBytes(in.readInt() - 4);
        code = new DataInputStream(new ByteArrayInputStream(message)).readInt();
        if (code == SSL_REQUEST || code == GSS_REQUEST) {
          out.write('N');
        }
      } while (code == SSL_REQUEST || code == GSS_REQUEST);
      out.write('R');
      out.writeInt(method == MD5 ? 12 : 8);
      out.writeInt(method);
      if (method == MD5) {
        out.writeInt(1); // the salt
      }
      out.flush();
      in.readByte();
      synchronized (received) {
        received.writeBytes(in.readNBytes(in.readInt() - 4));
      }
    }

    /** Everything that was sent after the server had asked, once it is closed. */
    String received() throws Exception {
      close();
      thread.join();
      synchronized (received) {
        return received.toString(StandardCharsets.UTF_8);
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
