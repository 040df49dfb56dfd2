package io.gkp.localbigquery.load;

import com.google.api.services.bigquery.model.ErrorProto;
import io.gkp.localbigquery.jobs.JobFailure;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipException;

/** Reads a file's rows into a temporary table, up to the first row too many that does not fit. */
final class RowLoader {
  private static final int MOST_ERRORS_REPORTED = 5;
  private static final int ROWS_PER_CHECK = 1000;

  private final RowParser parser;
  private final RowHandover out;
  private final int maxBadRecords;
  private final Runnable check;
  private final List<ErrorProto> errors = new ArrayList<>();
  private long badRecords;

  /**
   * @param check is run now and then and may throw to stop
   */
  RowLoader(RowParser parser, RowHandover out, int maxBadRecords, Runnable check) {
    this.parser = parser;
    this.out = out;
    this.maxBadRecords = maxBadRecords;
    this.check = check;
  }

  void load(Records records) throws IOException {
    for (long row = 0; next(records); row++) {
      if (row % ROWS_PER_CHECK == 0) {
        check.run();
      }
      try {
        out.write(parser.parse(records.bytes(), 0, records.length()), records.length());
      } catch (RowException e) {
        reject(records, e);
      }
    }
  }

  long badRecords() {
    return badRecords;
  }

  /** Of the rows that were passed over. */
  List<ErrorProto> errors() {
    return errors;
  }

  private static boolean next(Records records) throws IOException {
    try {
      return records.next();
    } catch (ZipException | EOFException e) {
      throw new JobFailure(
          List.of(
              JobFailure.error(
                  "invalid",
                  "Error while reading data, error message: the file is not valid gzip.",
                  null)));
    } catch (RowException e) {
      throw new JobFailure(
          List.of(JobFailure.error("invalid", message(records, e), at(records, e))));
    }
  }

  private void reject(Records records, RowException e) {
    badRecords++;
    ErrorProto error = JobFailure.error("invalid", message(records, e), at(records, e));
    if (errors.size() < MOST_ERRORS_REPORTED) {
      errors.add(error);
    }
    if (badRecords > maxBadRecords) {
      List<ErrorProto> all = new ArrayList<>();
      all.add(
          JobFailure.error(
              "invalid",
              """
              Error while reading data, error message: %s table encountered too many errors, \
              giving up. Rows: %s; errors: %s. Please look into the errors[] collection for more \
              details."""
                  .formatted(records.format(), records.number(), badRecords),
              error.getLocation()));
      all.addAll(errors);
      throw new JobFailure(all);
    }
  }

  private static String message(Records records, RowException e) {
    return """
        Error while reading data, error message: %s parsing error in row starting at \
        position %s: %s"""
        .formatted(records.format(), records.start(), e.getMessage());
  }

  private static String at(Records records, RowException e) {
    return "File: 0 / Line: "
        + records.number()
        + e.field().map(field -> " / Field: " + field).orElse("");
  }
}
