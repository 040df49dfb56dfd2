package io.gkp.connector.mapping.value;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonLineTest {
  private static final JsonFactory JACKSON =
      new JsonFactory().enable(JsonGenerator.Feature.COMBINE_UNICODE_SURROGATES_IN_UTF8);

  @Test
  void stringsAreEscapedAsJacksonDoes() throws IOException {
    Random random = new Random(13);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(10) == 0 ? random.nextInt(5_000) : random.nextInt(40);
      int rare = 1 + random.nextInt(60);
      while (text.length() < length) {
        text.appendCodePoint(
            random.nextInt(rare) == 0 ? special(random) : 'a' + random.nextInt(26));
      }
      assertString(text.toString());
    }
    assertString("");
    assertString("\u0000\u001f !\"#[\\]\u007f\u0080\u07ff\u0800\uffff\ud83d\ude00");
  }

  private static int special(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> random.nextInt(0x20);
      case 1 -> '"';
      case 2 -> '\\';
      case 3 -> 0x80 + random.nextInt(0x700);
      default -> 0x10000 + random.nextInt(0xf0000);
    };
  }

  private static void assertString(String text) throws IOException {
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    try (JsonGenerator json = JACKSON.createGenerator(expected)) {
      json.writeString(text);
    }
    JsonLine line = new JsonLine();
    byte[] utf8 = text.getBytes(UTF_8);
    boolean isAscii = line.string(utf8, 0, utf8.length);
    assertThat(text(line)).isEqualTo(expected.toString(UTF_8));
    assertThat(isAscii).isEqualTo(text.chars().allMatch(c -> c < 0x80));
  }

  @Test
  void numbersAreThoseOfJava() {
    for (long number : new long[] {0, 9, 10, 99, 100, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
      JsonLine line = new JsonLine();
      line.number(number);
      assertThat(text(line)).isEqualTo(Long.toString(number));
    }
  }

  @Test
  void whatWasCutOffIsNotThere() {
    JsonLine line = new JsonLine();
    line.raw('{');
    line.name(JsonLine.quoted("a"));
    line.number(1);
    int before = line.length();
    line.name(JsonLine.quoted("b"));
    line.string("x".repeat(100_000));
    line.cut(before);
    line.name(JsonLine.quoted("c"));
    line.raw('[');
    line.separate('[');
    line.number(2);
    line.separate('[');
    line.number(3);
    line.raw(']');
    line.raw('}');
    assertThat(text(line)).isEqualTo("{\"a\":1,\"c\":[2,3]}");
  }

  @Test
  void aValueOfMegabytesGetsItsRoomAtOnce() {
    byte[] text = "x".repeat(10 << 20).getBytes(UTF_8);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    new JsonLine().string(text, 0, 10); // classes are there
    long before = threads.getThreadAllocatedBytes(thread);
    new JsonLine().string(text, 0, text.length);
    assertThat(threads.getThreadAllocatedBytes(thread) - before)
        .isLessThan(text.length + (1 << 20));
  }

  private static String text(JsonLine line) {
    return new String(line.bytes(), 0, line.length(), UTF_8);
  }
}
