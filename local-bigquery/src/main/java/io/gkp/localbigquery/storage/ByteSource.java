package io.gkp.localbigquery.storage;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what {@link ByteSink} wrote. */
final class ByteSource {
  private byte[] bytes;
  private int position;

  ByteSource over(byte[] bytes) {
    this.bytes = bytes;
    this.position = 0;
    return this;
  }

  int get() {
    return bytes[position++];
  }

  byte[] bytes() {
    int length = (int) unsigned();
    position += length;
    return Arrays.copyOfRange(bytes, position - length, position);
  }

  String text() {
    int length = (int) unsigned();
    position += length;
    return new String(bytes, position - length, length, StandardCharsets.UTF_8);
  }

  void skip(int length) {
    position += length;
  }

  long signed() {
    long value = unsigned();
    return (value >>> 1) ^ -(value & 1);
  }

  long unsigned() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = bytes[position++];
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  long fixed() {
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = value << 8 | (bytes[position++] & 0xFF);
    }
    return value;
  }
}
