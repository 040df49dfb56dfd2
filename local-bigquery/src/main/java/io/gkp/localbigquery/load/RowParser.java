package io.gkp.localbigquery.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.gkp.localbigquery.storage.Column;
import java.io.IOException;
import java.util.List;

/**
 * Turns a JSON object into a row, as strictly as the real service.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/loading-data-cloud-storage-json">Loading
 *     JSON data</a>
 */
public final class RowParser {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(NdjsonLines.LONGEST_LINE)
                  .maxNumberLength(NdjsonLines.LONGEST_LINE)
                  .build())
          .build();

  private final StructParser row;

  /**
   * @param ignoreUnknown whether fields that the schema does not have are dropped silently
   */
  public RowParser(List<Column> columns, boolean ignoreUnknown) {
    this.row = new StructParser("", columns, ignoreUnknown);
  }

  /** Throws {@link RowException} where the text is no JSON object or does not fit the schema. */
  public Object[] parse(byte[] text, int offset, int length) {
    try (JsonParser parser = JSON.createParser(text, offset, length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new RowException("Start of a JSON object expected", null);
      }
      Object[] values = row.parse(parser);
      if (parser.nextToken() != null) {
        throw new RowException("Only one JSON object per line is allowed", null);
      }
      return values;
    } catch (JsonProcessingException e) {
      throw new RowException("Parser terminated before end of string", null);
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot fail to be read", e);
    }
  }
}
