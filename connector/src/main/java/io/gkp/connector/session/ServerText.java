package io.gkp.connector.session;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.postgresql.PGConnection;

/**
 * Text as the server stores it, as snapshot and stream bring it.
 *
 * <p>The server does not convert it, for it would refuse a whole table or transaction for one value
 * that it cannot convert: bytes of no encoding ({@code SQL_ASCII}), a place without a character,
 * what got in before a check was added. Such a value becomes a text that no other value can have,
 * since none holds a NUL: a NUL, and then what {@code encode(value, 'escape')} makes of the bytes.
 *
 * <p>Encodings of which Java knows less than the server does, the server converts all the same.
 *
 * @see <a href="https://www.postgresql.org/docs/current/multibyte.html">Character set support</a>
 */
public final class ServerText {
  /** The server's name of no encoding: any bytes are text. */
  static final String NO_ENCODING = "SQL_ASCII";

  private static final String CONVERTED = "UTF8";
  private static final char REPLACEMENT = '\uFFFD';
  private static final char UNREADABLE = '\0';

  /**
   * Java's names of those that it reads as the server does. {@code SQL_ASCII} most often is UTF-8.
   */
  private static final Map<String, String> CHARSETS =
      Map.ofEntries(
          Map.entry("UTF8", "UTF-8"),
          Map.entry(NO_ENCODING, "UTF-8"),
          Map.entry("EUC_CN", "GB2312"),
          Map.entry("EUC_JP", "x-eucJP-Open"),
          Map.entry("EUC_KR", "EUC-KR"),
          Map.entry("EUC_TW", "x-EUC-TW"),
          Map.entry("ISO_8859_5", "ISO-8859-5"),
          Map.entry("ISO_8859_6", "ISO-8859-6"),
          Map.entry("ISO_8859_7", "ISO-8859-7"),
          Map.entry("ISO_8859_8", "ISO-8859-8"),
          Map.entry("KOI8R", "KOI8-R"),
          Map.entry("KOI8U", "KOI8-U"),
          Map.entry("LATIN1", "ISO-8859-1"),
          Map.entry("LATIN2", "ISO-8859-2"),
          Map.entry("LATIN3", "ISO-8859-3"),
          Map.entry("LATIN4", "ISO-8859-4"),
          Map.entry("LATIN5", "ISO-8859-9"),
          Map.entry("LATIN7", "ISO-8859-13"),
          Map.entry("LATIN9", "ISO-8859-15"),
          Map.entry("LATIN10", "ISO-8859-16"),
          Map.entry("WIN866", "IBM866"),
          Map.entry("WIN874", "x-windows-874"),
          Map.entry("WIN1250", "windows-1250"),
          Map.entry("WIN1251", "windows-1251"),
          Map.entry("WIN1252", "windows-1252"),
          Map.entry("WIN1253", "windows-1253"),
          Map.entry("WIN1254", "windows-1254"),
          Map.entry("WIN1255", "windows-1255"),
          Map.entry("WIN1256", "windows-1256"),
          Map.entry("WIN1257", "windows-1257"),
          Map.entry("WIN1258", "windows-1258"));

  /** Of a server whose text is UTF-8. */
  public static final ServerText UTF_8 = new ServerText("UTF8");

  /** Eight signs of EUC_JP that Java takes for others than the server does, and the server's. */
  private static final String JAVAS_SIGNS = "\u2014\u301C\u2016\u00AC\u2212\u00A2\u00A3\u00A6";

  private static final String SERVERS_SIGNS = "\u2015\uFF5E\u2225\uFFE2\uFF0D\uFFE0\uFFE1\uFFE4";

  private final String encoding;
  private final Charset charset;
  private final boolean hasOtherSigns;

  /**
   * @param serverEncoding the server's name of its encoding
   */
  ServerText(String serverEncoding) {
    String name = CHARSETS.get(serverEncoding);
    boolean isKnown = name != null && Charset.isSupported(name);
    this.encoding = isKnown ? serverEncoding : CONVERTED;
    this.charset = isKnown ? Charset.forName(name) : StandardCharsets.UTF_8;
    this.hasOtherSigns = encoding.equals("EUC_JP");
  }

  /** That of the database that the connection is to. */
  public static ServerText of(Connection connection) throws SQLException {
    return new ServerText(
        connection.unwrap(PGConnection.class).getParameterStatus("server_encoding"));
  }

  /** The encoding in which it has to be sent, by the server's name. */
  public String encoding() {
    return encoding;
  }

  /** The text, or what stands for bytes that are none. */
  public String decode(byte[] bytes, int offset, int length) {
    String text = new String(bytes, offset, length, charset);
    if (text.indexOf(REPLACEMENT) >= 0 && !isText(bytes, offset, length)) {
      return UNREADABLE + escaped(bytes, offset, length);
    }
    return hasOtherSigns ? withServersSigns(text) : text;
  }

  /** Whether bytes, not all of them ASCII, are a text in UTF-8 as they are. */
  public boolean isUtf8(byte[] bytes, int offset, int length) {
    return charset.equals(StandardCharsets.UTF_8) && !isUnreadable(decode(bytes, offset, length));
  }

  /** Whether a text stands for bytes that are none. */
  public static boolean isUnreadable(String text) {
    return !text.isEmpty() && text.charAt(0) == UNREADABLE;
  }

  /** The bytes of an {@linkplain #isUnreadable unreadable} text, escaped. */
  public static String escaped(String unreadable) {
    return unreadable.substring(1);
  }

  private boolean isText(byte[] bytes, int offset, int length) {
    try {
      charset.newDecoder().decode(ByteBuffer.wrap(bytes, offset, length));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static String withServersSigns(String text) {
    String signs = text;
    for (int i = 0; i < JAVAS_SIGNS.length(); i++) {
      signs = signs.replace(JAVAS_SIGNS.charAt(i), SERVERS_SIGNS.charAt(i));
    }
    return signs;
  }

  private static String escaped(byte[] bytes, int offset, int length) {
    StringBuilder text = new StringBuilder(2 * length);
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] < 0) {
        text.append('\\').append(Integer.toOctalString(bytes[i] & 0xff));
      } else if (bytes[i] == '\\') {
        text.append("\\\\");
      } else {
        text.append((char) bytes[i]);
      }
    }
    return text.toString();
  }
}
