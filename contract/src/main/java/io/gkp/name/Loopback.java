package io.gkp.name;

import java.util.Locale;

/** Names of this machine that no name server is asked for. */
public final class Loopback {
  private Loopback() {}

  /**
   * @param host a name or an address, an IPv6 address with or without brackets
   * @see <a href="https://www.rfc-editor.org/rfc/rfc6761#section-6.3">RFC 6761: localhost</a>
   */
  public static boolean is(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || name.matches("127(\\.[0-9]{1,3}){3}")
        || name.matches("\\[?(::1|0:0:0:0:0:0:0:1)]?");
  }
}
