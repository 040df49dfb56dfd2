package io.gkp.connector.operations;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Who runs this command, for the records. */
public final class Operator {
  private Operator() {}

  /** {@code user@host} of this process. */
  public static String name() {
    return System.getProperty("user.name", "unknown") + "@" + host();
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
