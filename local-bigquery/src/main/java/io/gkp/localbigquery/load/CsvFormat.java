package io.gkp.localbigquery.load;

import com.google.api.services.bigquery.model.JobConfigurationLoad;
import io.gkp.localbigquery.api.ApiException;
import java.util.List;

/**
 * How a job says that its CSV is written.
 *
 * @param quote 0 where nothing is quoted
 * @param header the lines before the rows
 * @see <a href="https://cloud.google.com/bigquery/docs/loading-data-cloud-storage-csv">Loading CSV
 *     data</a>
 */
record CsvFormat(
    char delimiter,
    char quote,
    List<String> nullMarkers,
    boolean quotedNewlines,
    boolean jagged,
    boolean ignoreExtra,
    int header) {

  static CsvFormat of(JobConfigurationLoad load) {
    String quote = load.getQuote() == null ? "\"" : load.getQuote();
    return new CsvFormat(
        delimiter(load.getFieldDelimiter()),
        quote.isEmpty() ? 0 : single("quote", quote),
        nullMarkers(load),
        Boolean.TRUE.equals(load.getAllowQuotedNewlines()),
        Boolean.TRUE.equals(load.getAllowJaggedRows()),
        Boolean.TRUE.equals(load.getIgnoreUnknownValues()),
        load.getSkipLeadingRows() == null ? 0 : load.getSkipLeadingRows());
  }

  CsvFormat withHeader(int lines) {
    return new CsvFormat(delimiter, quote, nullMarkers, quotedNewlines, jagged, ignoreExtra, lines);
  }

  private static List<String> nullMarkers(JobConfigurationLoad load) {
    boolean several = load.getNullMarkers() != null && !load.getNullMarkers().isEmpty();
    if (several && load.getNullMarker() != null) {
      throw ApiException.invalid("Only one of nullMarker and nullMarkers may be set.");
    }
    if (several) {
      return load.getNullMarkers();
    }
    return List.of(load.getNullMarker() == null ? "" : load.getNullMarker());
  }

  private static char delimiter(String given) {
    if (given == null || given.isEmpty()) {
      return ',';
    }
    return given.equals("tab") || given.equals("\\t") ? '\t' : single("fieldDelimiter", given);
  }

  private static char single(String option, String given) {
    if (given.length() != 1) {
      throw ApiException.invalid("The " + option + " must be one character: " + given);
    }
    if (given.charAt(0) > 0x7f) {
      throw ApiException.notImplemented("a " + option + " outside of ASCII");
    }
    return given.charAt(0);
  }
}
