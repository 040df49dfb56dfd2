package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.TableFieldSchema;
import io.gkp.localbigquery.api.ApiException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads Parquet, in a database of its own: the warehouse's may open no files.
 *
 * @see <a href="https://duckdb.org/docs/stable/data/parquet/overview">Reading Parquet</a>
 */
public final class ParquetFile {
  static {
    NativeLibrary.load();
  }

  private ParquetFile() {}

  /**
   * Writes the file's rows anew, in order, as newline-delimited JSON.
   *
   * @param listInference whether lists are to be repeated fields
   * @return the file's columns
   * @throws ApiException {@code invalid} where it is no Parquet, {@code notImplemented} for columns
   *     that are not carried
   */
  public static List<TableFieldSchema> rewrite(Path file, Path json, boolean listInference) {
    String source = " FROM read_parquet(" + text(file) + ")";
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET autoinstall_known_extensions = false");
      statement.execute("SET autoload_known_extensions = false");
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute("SET memory_limit = '512MB'");
      statement.execute("SET temp_directory = ''");
      List<TableFieldSchema> fields = new ArrayList<>();
      List<String> columns = new ArrayList<>();
      try (ResultSet described = statement.executeQuery("DESCRIBE SELECT *" + source)) {
        while (described.next()) {
          String name = described.getString(1);
          ParquetType type = ParquetType.of(described.getString(2));
          fields.add(type.field(name, listInference));
          columns.add(type.json(ParquetType.quote(name), 0) + " AS " + ParquetType.quote(name));
        }
      }
      statement.execute(
          "COPY (SELECT %s%s) TO %s (FORMAT JSON)"
              .formatted(String.join(", ", columns), source, text(json)));
      return fields;
    } catch (SQLException e) {
      // The driver's message may quote values.
      throw ApiException.invalid(
          "Error while reading data, error message: the file cannot be read as Parquet.");
    }
  }

  private static String text(Path path) {
    return "'" + path.toString().replace("'", "''") + "'";
  }
}
