package io.gkp.localbigquery.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.api.services.bigquery.model.Table;
import io.gkp.localbigquery.ApiJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * All that makes a table: what clients know of it, which segments hold its rows, and which jobs
 * wrote them but may not know so yet. One file, replaced whole at every change.
 *
 * @param receipts job to what it reports of its success
 */
record TableFile(Table table, List<Segment> segments, Map<String, String> receipts) {
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Written(JsonNode table, List<Segment> segments, Map<String, String> receipts) {}

  byte[] write() {
    try {
      return JSON.writeValueAsBytes(
          new Written(JSON.readTree(ApiJson.write(table)), segments, receipts));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static TableFile read(byte[] file) {
    try {
      Written written = JSON.readValue(file, Written.class);
      byte[] table = written.table().toString().getBytes(StandardCharsets.UTF_8);
      return new TableFile(
          ApiJson.read(table, Table.class), written.segments(), written.receipts());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long rows() {
    return segments.stream().mapToLong(Segment::rows).sum();
  }

  long bytes() {
    return segments.stream().mapToLong(Segment::bytes).sum();
  }
}
