package io.gkp.connector.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lines of {@code host:port:database:user:password}; {@code *} stands for anything, a backslash
 * keeps a colon or a backslash.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-pgpass.html">PostgreSQL: the password
 *     file</a>
 */
final class PasswordFile {
  private static final int FIELDS = 5;

  private PasswordFile() {}

  /**
   * The first password that fits; null where none does.
   *
   * @throws IllegalArgumentException when the file cannot be read
   */
  static @Nullable String find(Path file, SourceAddress address) {
    try {
      for (String line : new SecretFile(file).read().lines().toList()) {
        List<String> fields = fields(line);
        if (!line.startsWith("#") && fields.size() == FIELDS && fits(fields, address)) {
          return fields.get(FIELDS - 1);
        }
      }
      return null;
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the file of passfile cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  private static boolean fits(List<String> fields, SourceAddress address) {
    return address.hosts().stream()
        .anyMatch(
            host ->
                fits(fields.get(0), host.name())
                    && fits(fields.get(1), Integer.toString(host.port()))
                    && fits(fields.get(2), address.database())
                    && fits(fields.get(3), address.user()));
  }

  private static boolean fits(String field, String value) {
    return field.equals("*") || field.equals(value);
  }

  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == ':' && fields.size() < FIELDS - 1) {
        fields.add(field.toString());
        field.setLength(0);
      } else if (c == '\\' && i + 1 < line.length()) {
        field.append(line.charAt(++i));
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }
}
