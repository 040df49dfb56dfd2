package io.gkp.localbigquery.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.api.services.bigquery.model.JobConfigurationLoad;
import com.google.api.services.bigquery.model.ParquetOptions;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableSchema;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.load.CsvReader.Field;
import io.gkp.localbigquery.storage.Column;
import io.gkp.localbigquery.storage.ParquetFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What was uploaded with a load job: newline-delimited JSON, CSV, or Parquet, which is written anew
 * as JSON so that one parser decides what fits a column.
 */
final class SourceFile implements Closeable {
  /** How many rows the real service looks at for a schema. */
  private static final int ROWS_LOOKED_AT = 500;

  private static final JsonFactory JSON = new JsonFactory();

  private final Path file;
  private final Format format;
  private final CsvFormat csv;
  private final Optional<Path> rewritten;
  private final Optional<TableSchema> detected;

  /** What {@code sourceFormat} may be. */
  enum Format {
    CSV,
    NEWLINE_DELIMITED_JSON,
    PARQUET;

    /** Throws {@code notImplemented} for those that the real service alone reads. */
    static Format of(JobConfigurationLoad load) {
      String name = load.getSourceFormat() == null ? "CSV" : load.getSourceFormat();
      for (Format format : values()) {
        if (format.name().equalsIgnoreCase(name)) {
          return format;
        }
      }
      throw ApiException.notImplemented("load jobs of the format " + name);
    }
  }

  private SourceFile(
      Path file,
      Format format,
      CsvFormat csv,
      Optional<Path> rewritten,
      Optional<TableSchema> detected) {
    this.file = file;
    this.format = format;
    this.csv = csv;
    this.rewritten = rewritten;
    this.detected = detected;
  }

  static SourceFile open(JobConfigurationLoad load, Path file) throws IOException {
    Format format = Format.of(load);
    Charset charset = Encoding.of(load);
    if (format != Format.PARQUET && !charset.equals(StandardCharsets.UTF_8)) {
      Path utf8 = Encoding.rewrite(file, charset);
      SourceFile same = open(load.clone().setEncoding(null), utf8);
      return new SourceFile(utf8, format, same.csv, Optional.of(utf8), same.detected);
    }
    CsvFormat csv = CsvFormat.of(load);
    boolean autodetect = Boolean.TRUE.equals(load.getAutodetect());
    try {
      return switch (format) {
        case NEWLINE_DELIMITED_JSON ->
            new SourceFile(
                file,
                format,
                csv,
                Optional.empty(),
                autodetect ? Optional.of(schema(json(file))) : Optional.empty());
        case CSV ->
            autodetect
                ? detectedCsv(file, csv, load.getSkipLeadingRows())
                : new SourceFile(file, format, csv, Optional.empty(), Optional.empty());
        case PARQUET -> {
          ParquetOptions options = load.getParquetOptions();
          boolean lists = options != null && Boolean.TRUE.equals(options.getEnableListInference());
          Path rewritten = Files.createTempFile(file.getParent(), "parquet", ".ndjson");
          List<TableFieldSchema> fields = ParquetFile.rewrite(file, rewritten, lists);
          yield new SourceFile(
              file, format, csv, Optional.of(rewritten), Optional.of(schema(fields)));
        }
      };
    } catch (RowException e) {
      throw ApiException.invalid("Error while reading data, error message: " + e.getMessage());
    }
  }

  /** The schema that the file has or shows; nothing where nobody asked for one. */
  Optional<TableSchema> schema() {
    return detected;
  }

  Records records(List<Column> columns) throws IOException {
    return format == Format.CSV
        ? new CsvRecords(file, csv, columns)
        : new NdjsonLines(rewritten.orElse(file));
  }

  private static TableSchema schema(List<TableFieldSchema> fields) {
    return new TableSchema().setFields(fields);
  }

  private static List<TableFieldSchema> json(Path file) throws IOException {
    Detected rows = new Detected();
    try (NdjsonLines lines = new NdjsonLines(file)) {
      for (int i = 0; i < ROWS_LOOKED_AT && lines.next(); i++) {
        try (JsonParser parser = JSON.createParser(lines.bytes(), 0, lines.length())) {
          parser.nextToken();
          rows.see(parser);
        } catch (JsonProcessingException e) {
          // The load itself says which line it is.
          break;
        }
      }
    }
    return rows.schemas();
  }

  /**
   * Takes a first line for a header that holds texts alone where another row does not.
   *
   * @param skip the last of these lines may be the header; without it, the first line
   */
  private static SourceFile detectedCsv(Path file, CsvFormat csv, Integer skip) throws IOException {
    boolean mayHaveHeader = skip == null || skip > 0;
    List<Field> first = List.of();
    List<Detected> columns = new ArrayList<>();
    CsvFormat from = csv.withHeader(skip == null ? 0 : Math.max(0, skip - 1));
    try (CsvReader reader = new CsvReader(file, from)) {
      if (mayHaveHeader) {
        first = reader.next();
        first.forEach(field -> columns.add(new Detected()));
      }
      for (int row = 0; row < ROWS_LOOKED_AT; row++) {
        List<Field> record = reader.next();
        if (record.isEmpty()) {
          break;
        }
        see(record, csv, columns);
      }
    }
    boolean texts =
        first.stream().allMatch(field -> Detected.typeOf(field.text()).equals("STRING"));
    boolean others = columns.stream().anyMatch(column -> !column.type().equals("STRING"));
    boolean hasHeader = !first.isEmpty() && texts && others;
    if (!hasHeader && skip == null && !first.isEmpty()) {
      see(first, csv, columns);
    }
    List<Field> names = hasHeader ? first : List.of();
    List<TableFieldSchema> fields =
        IntStream.range(0, columns.size())
            .mapToObj(i -> columns.get(i).schema(name(names, i, columns.get(i).type())))
            .toList();
    int header = hasHeader ? from.header() + 1 : csv.header();
    return new SourceFile(
        file, Format.CSV, csv.withHeader(header), Optional.empty(), Optional.of(schema(fields)));
  }

  private static void see(List<Field> record, CsvFormat csv, List<Detected> columns) {
    for (int i = 0; i < record.size(); i++) {
      if (i == columns.size()) {
        columns.add(new Detected());
      }
      Field field = record.get(i);
      if (!field.isNull(csv) && !field.text().isEmpty()) {
        columns.get(i).seeText(field.text());
      }
    }
  }

  private static String name(List<Field> header, int i, String type) {
    if (i < header.size() && !header.get(i).text().isBlank()) {
      String name = header.get(i).text().strip().replaceAll("[^\\p{L}\\p{N}_]", "_");
      return Character.isDigit(name.charAt(0)) ? "_" + name : name;
    }
    String kind =
        switch (type) {
          case "INTEGER" -> "int64";
          case "FLOAT" -> "double";
          case "BOOLEAN" -> "bool";
          default -> type.toLowerCase(Locale.ROOT);
        };
    return kind + "_field_" + i;
  }

  @Override
  public void close() throws IOException {
    if (rewritten.isPresent()) {
      Files.deleteIfExists(rewritten.get());
    }
  }
}
