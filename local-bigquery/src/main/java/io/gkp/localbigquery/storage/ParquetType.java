package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.TableFieldSchema;
import io.gkp.localbigquery.api.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A type as DuckDB's DESCRIBE writes it, such as {@code STRUCT(a BIGINT, "b c" BLOB[])}.
 *
 * @param name without what follows in parentheses; LIST for an array
 * @param arguments of a DECIMAL its precision and scale
 * @param members of a STRUCT; of a LIST its element alone
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/loading-data-cloud-storage-parquet#type_conversions">Parquet
 *     conversions</a>
 */
record ParquetType(String name, String arguments, List<Member> members) {

  record Member(String name, ParquetType type) {}

  static ParquetType of(String text) {
    return new Reader(text).type();
  }

  private static final class Reader {
    private final String text;
    private int at;

    private Reader(String text) {
      this.text = text;
    }

    private ParquetType type() {
      int start = at;
      while (at < text.length() && "(),[".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      String name = text.substring(start, at).strip();
      String arguments = "";
      List<Member> members = new ArrayList<>();
      if (is('(')) {
        if (name.equals("STRUCT")) {
          do {
            at++;
            members.add(member());
          } while (is(','));
        } else {
          start = ++at;
          at = text.indexOf(')', start);
          arguments = text.substring(start, at);
        }
        at++;
      }
      ParquetType type = new ParquetType(name, arguments, members);
      while (is('[')) {
        at = text.indexOf(']', at) + 1;
        type = new ParquetType("LIST", "", List.of(new Member("", type)));
      }
      return type;
    }

    private Member member() {
      while (is(' ')) {
        at++;
      }
      StringBuilder name = new StringBuilder();
      boolean quoted = is('"');
      at += quoted ? 1 : 0;
      while (quoted || !is(' ')) {
        if (quoted && is('"')) {
          at++;
          if (!is('"')) {
            break;
          }
        }
        name.append(text.charAt(at++));
      }
      return new Member(name.toString(), type());
    }

    private boolean is(char wanted) {
      return at < text.length() && text.charAt(at) == wanted;
    }
  }

  /** SQL for the value as a load job's JSON has it. */
  String json(String value, int depth) {
    return switch (name) {
      case "LIST" -> {
        String element = "e" + depth;
        yield "list_transform(%s, lambda %s: %s)"
            .formatted(value, element, members.get(0).type().json(element, depth + 1));
      }
      case "STRUCT" ->
          members.stream()
              .map(
                  member ->
                      quote(member.name())
                          + " := "
                          + member.type().json(value + "." + quote(member.name()), depth))
              .collect(
                  Collectors.joining(
                      ", ", "CASE WHEN " + value + " IS NOT NULL THEN struct_pack(", ") END"));
      case "BLOB" -> "to_base64(" + value + ")";
      case "TIMESTAMP WITH TIME ZONE", "TIMESTAMP_NS" ->
          "CAST(CAST(" + value + " AS TIMESTAMP) AS VARCHAR)";
      default -> "CAST(" + value + " AS VARCHAR)";
    };
  }

  TableFieldSchema field(String column, boolean listInference) {
    TableFieldSchema field = new TableFieldSchema().setName(column).setMode("NULLABLE");
    return switch (name) {
      case "LIST" -> {
        if (!listInference) {
          throw ApiException.notImplemented(
              "Parquet lists without parquetOptions.enableListInference");
        }
        ParquetType element = members.get(0).type();
        if (element.name().equals("LIST")) {
          throw ApiException.notImplemented("Parquet lists of lists");
        }
        yield element.field(column, true).setMode("REPEATED");
      }
      case "STRUCT" ->
          field
              .setType("RECORD")
              .setFields(
                  members.stream()
                      .map(member -> member.type().field(member.name(), listInference))
                      .toList());
      default -> field.setType(scalar());
    };
  }

  private String scalar() {
    return switch (name) {
      case "BOOLEAN" -> "BOOLEAN";
      case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER" ->
          "INTEGER";
      case "FLOAT", "DOUBLE" -> "FLOAT";
      case "DECIMAL" -> decimal();
      case "DATE" -> "DATE";
      case "TIME" -> "TIME";
      case "TIMESTAMP WITH TIME ZONE" -> "TIMESTAMP";
      case "TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP_MS", "TIMESTAMP_S" -> "DATETIME";
      case "BLOB" -> "BYTES";
      case "VARCHAR", "UUID", "ENUM", "JSON" -> "STRING";
      default -> throw ApiException.notImplemented("Parquet columns of the type " + name);
    };
  }

  private String decimal() {
    String[] sizes = arguments.split(",");
    int precision = Integer.parseInt(sizes[0].strip());
    int scale = Integer.parseInt(sizes[1].strip());
    return scale <= 9 && precision - scale <= 29 ? "NUMERIC" : "BIGNUMERIC";
  }

  static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
