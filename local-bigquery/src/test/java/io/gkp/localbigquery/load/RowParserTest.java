package io.gkp.localbigquery.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.api.services.bigquery.model.TableFieldSchema;
import io.gkp.localbigquery.storage.Column;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RowParserTest {
  static Stream<Arguments> accepted() {
    return Stream.of(
        Arguments.of("STRING", "\"Zoë\"", "Zoë"),
        Arguments.of("INTEGER", "-7", -7L),
        Arguments.of("INTEGER", "\"9223372036854775807\"", Long.MAX_VALUE),
        Arguments.of("FLOAT", "1", 1.0),
        Arguments.of("FLOAT", "\"-Infinity\"", Double.NEGATIVE_INFINITY),
        Arguments.of("FLOAT", "\"NaN\"", Double.NaN),
        Arguments.of("BOOLEAN", "true", true),
        Arguments.of("BOOLEAN", "\"False\"", false),
        Arguments.of("NUMERIC", "\"1.50\"", new BigDecimal("1.5")),
        Arguments.of("NUMERIC", "100", new BigDecimal("100")),
        Arguments.of("NUMERIC", "\"0.1234567895\"", new BigDecimal("0.12345679")),
        Arguments.of(
            "NUMERIC",
            "\"99999999999999999999999999999.999999999\"",
            new BigDecimal("99999999999999999999999999999.999999999")),
        Arguments.of("NUMERIC", "\"1e-999999999\"", BigDecimal.ZERO),
        Arguments.of("BIGNUMERIC", "\"1e38\"", new BigDecimal("1e38").setScale(0)),
        Arguments.of("DATE", "\"0001-01-01\"", LocalDate.of(1, 1, 1)),
        Arguments.of("TIME", "\"23:59:59.999999\"", LocalTime.of(23, 59, 59, 999_999_000)),
        Arguments.of(
            "DATETIME", "\"2024-02-29T12:00:00\"", LocalDateTime.of(2024, 2, 29, 12, 0, 0)),
        Arguments.of(
            "TIMESTAMP",
            "\"2024-02-29 12:00:00.123456 UTC\"",
            Instant.parse("2024-02-29T12:00:00.123456Z")),
        Arguments.of(
            "TIMESTAMP", "\"2024-02-29T12:00:00+05:30\"", Instant.parse("2024-02-29T06:30:00Z")),
        Arguments.of(
            "TIMESTAMP",
            "\"2024-07-01 12:00:00 Europe/Berlin\"",
            Instant.parse("2024-07-01T10:00:00Z")),
        Arguments.of("TIMESTAMP", "1.5", Instant.parse("1970-01-01T00:00:01.500Z")),
        Arguments.of(
            "TIMESTAMP",
            "\"9999-12-31T23:59:59.999999Z\"",
            Instant.parse("9999-12-31T23:59:59.999999Z")),
        Arguments.of("JSON", "{\"b\": [1, null], \"a\": \"x\"}", "{\"a\":\"x\",\"b\":[1,null]}"),
        Arguments.of("JSON", "12345678901234567890123", "1.2345678901234568E22"),
        Arguments.of("JSON", "\"text\"", "\"text\""),
        Arguments.of("STRING", "null", null));
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void valuesBecomeWhatBigqueryWouldStore(String type, String json, Object expected) {
    assertThat(parse(field(type), "{\"v\":" + json + "}")).containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "INTEGER    | \"x\"",
        "INTEGER    | 1.5",
        "INTEGER    | 9223372036854775808",
        "INTEGER    | true",
        "STRING     | 5",
        "FLOAT      | \"fast\"",
        "FLOAT      | 1e400",
        "BOOLEAN    | 1",
        "NUMERIC    | \"NaN\"",
        "NUMERIC    | \"100000000000000000000000000000\"",
        "NUMERIC    | \"1e999999999\"",
        "BIGNUMERIC | \"1e39\"",
        "BYTES      | \"not base64!\"",
        "DATE       | \"2023-02-29\"",
        "DATE       | \"10000-01-01\"",
        "DATE       | \"0000-12-31\"",
        "DATE       | 5",
        "TIME       | \"24:00:00\"",
        "DATETIME   | \"2024-01-01T00:00:00Z\"",
        "TIMESTAMP  | \"2024-01-01T00:00:00.1234567Z\"",
        "TIMESTAMP  | \"infinity\"",
        "TIMESTAMP  | \"0000-12-31T23:59:59Z\"",
      })
  void valuesThatDoNotFitAreRefusedWithoutBeingTold(String type, String json) {
    assertThatExceptionOfType(RowException.class)
        .isThrownBy(() -> parse(field(type), "{\"v\":" + json + "}"))
        .satisfies(
            e -> {
              assertThat(e.field()).contains("v");
              assertThat(e.getMessage())
                  .isEqualTo("Could not convert value to " + type.toLowerCase() + ". Field: v");
            });
  }

  @Test
  void anUnknownFieldIsRefusedOrIgnoredAsAsked() {
    List<Column> columns = Column.of(List.of(field("STRING")));
    byte[] json = "{\"v\":\"a\",\"w\":{\"x\":[1]}}".getBytes(StandardCharsets.UTF_8);
    assertThatExceptionOfType(RowException.class)
        .isThrownBy(() -> new RowParser(columns, false).parse(json, 0, json.length))
        .withMessage("No such field: w.");
    assertThat(new RowParser(columns, true).parse(json, 0, json.length)).containsExactly("a");
  }

  @Test
  void fieldNamesMatchInAnyCase() {
    assertThat(parse(field("STRING"), "{\"V\":\"a\"}")).containsExactly("a");
  }

  @Test
  void aRequiredFieldIsNeitherMissingNorNull() {
    TableFieldSchema required = field("STRING").setMode("REQUIRED");
    assertThatExceptionOfType(RowException.class)
        .isThrownBy(() -> parse(required, "{}"))
        .withMessage("Missing required field: v.");
    assertThatExceptionOfType(RowException.class)
        .isThrownBy(() -> parse(required, "{\"v\":null}"))
        .withMessage("Only optional fields can be set to NULL. Field: v; Value: NULL");
  }

  @Test
  void anArrayHoldsNoNullAndIsItselfNeverNull() {
    TableFieldSchema repeated = field("STRING").setMode("REPEATED");
    assertThat(parse(repeated, "{\"v\":[\"a\",\"b\"]}")).containsExactly(List.of("a", "b"));
    assertThat(parse(repeated, "{\"v\":null}")).containsExactly(List.of());
    assertThat(parse(repeated, "{}")).containsExactly(List.of());
    assertThatExceptionOfType(RowException.class)
        .isThrownBy(() -> parse(repeated, "{\"v\":[\"a\",null]}"))
        .withMessage("Only optional fields can be set to NULL. Field: v; Value: NULL");
    assertThatExceptionOfType(RowException.class)
        .isThrownBy(() -> parse(repeated, "{\"v\":\"a\"}"))
        .withMessage("Value specified for repeated field is not an array. Field: v");
  }

  @Test
  void recordsAreObjectsAndFaultsWithinThemNameTheirPath() {
    TableFieldSchema record =
        field("RECORD").setFields(List.of(new TableFieldSchema().setName("n").setType("INTEGER")));
    assertThat(parse(record, "{\"v\":{\"n\":1}}")[0]).isEqualTo(new Object[] {1L});
    assertThatExceptionOfType(RowException.class)
        .isThrownBy(() -> parse(record, "{\"v\":{\"n\":\"x\"}}"))
        .withMessageEndingWith("Field: v.n");
    assertThatExceptionOfType(RowException.class)
        .isThrownBy(() -> parse(field("STRING"), "{\"v\":{}}"))
        .withMessage("JSON object specified for non-record field: v");
    assertThatExceptionOfType(RowException.class)
        .isThrownBy(() -> parse(field("STRING"), "{\"v\":[]}"))
        .withMessage("Array specified for non-repeated field: v.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"[1]", "{\"v\":", "{\"v\":\"a\"} {}", "nonsense", "{\"v\":\"a\",\"v\":\"b\"}"})
  void aLineIsOneJsonObject(String line) {
    assertThatExceptionOfType(RowException.class).isThrownBy(() -> parse(field("STRING"), line));
  }

  private static TableFieldSchema field(String type) {
    return new TableFieldSchema().setName("v").setType(type);
  }

  private static Object[] parse(TableFieldSchema field, String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return new RowParser(Column.of(List.of(field)), false).parse(bytes, 0, bytes.length);
  }
}
