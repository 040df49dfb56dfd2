package io.gkp.connector.mapping.value;

/** The characters of a JSON string's source text. */
final class JsonString {
  private JsonString() {}

  /**
   * Resolves the escapes of a string that Postgres has already parsed.
   *
   * @throws Unrepresentable for an escaped NUL or half a surrogate pair; the {@code json} type
   *     accepts both
   */
  static String decode(String source) throws Unrepresentable {
    StringBuilder decoded = new StringBuilder(source.length());
    for (int i = 0; i < source.length(); i++) {
      char c = source.charAt(i);
      if (c != '\\') {
        decoded.append(c);
        continue;
      }
      char escape = source.charAt(++i);
      if (escape == 'u') {
        decoded.append((char) Integer.parseInt(source, i + 1, i + 5, 16));
        i += 4;
      } else {
        decoded.append(simple(escape));
      }
    }
    check(decoded);
    return decoded.toString();
  }

  private static char simple(char escape) {
    return switch (escape) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> escape;
    };
  }

  private static void check(CharSequence decoded) throws Unrepresentable {
    for (int i = 0; i < decoded.length(); i++) {
      char c = decoded.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < decoded.length()
              && Character.isLowSurrogate(decoded.charAt(i + 1));
      if (pair) {
        i++;
      } else if (c == 0 || Character.isSurrogate(c)) {
        throw Unrepresentable.because(LossyReason.JSON_STRING);
      }
    }
  }
}
