package io.gkp.connector.debezium;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The names under which Debezium gets to know schemas, tables and columns: their own as long as
 * these consist of {@code a-z}, {@code 0-9} and {@code _}, with each other byte written as {@code
 * -xx}.
 *
 * <p>Why: Debezium takes column names that differ by case alone for one, also in the pattern that
 * says which tables it captures, and drops quotes that surround or double within a name.
 */
public final class Alias {
  private static final char ESCAPE = '-';
  private static final int HEX = 16;

  private Alias() {}

  /** Different names have aliases that differ also when case is ignored. */
  public static String of(String name) {
    StringBuilder alias = new StringBuilder(name.length());
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      if (b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '_') {
        alias.append((char) b);
      } else {
        alias
            .append(ESCAPE)
            .append(Character.forDigit((b & 0xff) / HEX, HEX))
            .append(Character.forDigit((b & 0xff) % HEX, HEX));
      }
    }
    return alias.toString();
  }

  /** The name that has this alias. */
  public static String nameOf(String alias) {
    ByteArrayOutputStream name = new ByteArrayOutputStream(alias.length());
    for (int i = 0; i < alias.length(); i++) {
      if (alias.charAt(i) == ESCAPE) {
        name.write(Integer.parseInt(alias.substring(i + 1, i + 3), HEX));
        i += 2;
      } else {
        name.write(alias.charAt(i));
      }
    }
    return name.toString(StandardCharsets.UTF_8);
  }
}
