package io.gkp.connector.mapping.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonDocumentTest {
  private static String compact(String json) {
    try {
      return JsonDocument.compact(json);
    } catch (Unrepresentable e) {
      return e.reason().code();
    }
  }

  @Test
  void numbersThatBigQueryKeeps() {
    for (String number :
        new String[] {
          "0",
          "-0",
          "-0.0",
          "1e5",
          "1E+5",
          "0.1",
          "1.50",
          "5e-324",
          "1.7976931348623157e308",
          "9223372036854775807",
          "18446744073709551615",
          "-9223372036854775808",
          "5.684341886080802e-14",
          "123456789012345680000",
          "0e999",
          "9.999999999999999e22"
        }) {
      assertThat(compact(number)).as(number).isEqualTo(number);
    }
  }

  @Test
  void numbersThatBigQueryWouldChange() {
    for (String number :
        new String[] {
          "18446744073709551617",
          "-9223372036854775809",
          "1e309",
          "1e-400",
          "0.10000000000000001",
          "3.14159265358979323846",
          "123456789012345678901",
          "9007199254740993.0",
          "1e23",
          "1" + "0".repeat(23),
          "1" + "0".repeat(5_000)
        }) {
      assertThat(compact(number)).as(number).isEqualTo("json_number");
    }
  }

  @Test
  void aDoublesOwnTextSurvives() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        String shortest = shortest(value);
        assertThat(compact(shortest)).isEqualTo(shortest);
      }
    }
  }

  private static String shortest(double value) {
    for (int digits = 1; ; digits++) {
      BigDecimal rounded =
          new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (rounded.doubleValue() == value && !isHalfway(rounded, value)) {
        return rounded.toString();
      }
    }
  }

  private static boolean isHalfway(BigDecimal number, double value) {
    BigDecimal twice = number.add(number).subtract(new BigDecimal(value));
    return twice.compareTo(new BigDecimal(Math.nextUp(value))) == 0
        || twice.compareTo(new BigDecimal(Math.nextDown(value))) == 0;
  }

  @Test
  void namesAreComparedWithoutTheirEscapesAndPerObject() {
    assertThat(compact("{\"a\":1,\"\\u0061\":2}")).isEqualTo("json_duplicate_name");
    assertThat(compact("{\"b\":{\"a\":1},\"a\":[{\"a\":1},{\"a\":1}]}")).startsWith("{\"b\"");
    assertThat(compact("[\"a\",\"a\"]")).isEqualTo("[\"a\",\"a\"]");
    assertThat(compact("{\"x\":\"a\",\"y\":\"a\"}")).startsWith("{");
    assertThat(compact("{\"x\":[\"y\",{}],\"y\":1}")).startsWith("{");
    assertThat(compact("{\"\":1,\"\":1}")).isEqualTo("json_duplicate_name");
  }

  @Test
  void stringsMayHoldWhatLooksLikeStructure() {
    String json = "{\"a\":\"}{][,:\\\"\\\\ 1e999\"}";
    assertThat(compact(json)).isEqualTo(json);
  }

  @Test
  void lineBreaksBetweenTokensBecomeSpaces() {
    assertThat(compact("{\r\n\t\"a\" :\n1}")).isEqualTo("{  \t\"a\" : 1}");
  }

  @Test
  void stringsThatAreNotText() {
    assertThat(compact("\"\\u0000\"")).isEqualTo("json_string");
    assertThat(compact("\"\\ud800\"")).isEqualTo("json_string");
    assertThat(compact("\"\\ude00\\ud83d\"")).isEqualTo("json_string");
    assertThat(compact("{\"\\udfff\":1}")).isEqualTo("json_string");
    assertThat(compact("\"\\ud83d\\ude00\"")).isEqualTo("\"\\ud83d\\ude00\"");
    assertThat(compact("\"\\\\u0000\"")).isEqualTo("\"\\\\u0000\"");
  }

  @Test
  void nullIsADocumentThatBigQueryCannotTellFromNoDocument() {
    assertThat(compact(" null\n")).isEqualTo("json_null");
    assertThat(compact("[null]")).isEqualTo("[null]");
  }
}
