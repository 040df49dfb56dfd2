package io.gkp.localbigquery.load;

import java.io.Closeable;
import java.io.IOException;

/** The records of an uploaded file, one at a time, each as a JSON object. */
interface Records extends Closeable {
  /**
   * Moves to the next record.
   *
   * @throws RowException where the file cannot be read any further
   */
  boolean next() throws IOException;

  /**
   * The record as JSON, from 0 to {@link #length}; used again for the next one.
   *
   * @throws RowException where this record is no row
   */
  byte[] bytes();

  /** Known when {@link #bytes} has returned. */
  int length();

  /** The line on which the record begins, counted from 1. */
  long number();

  /** Where the record starts in the (unzipped) file, in bytes. */
  long start();

  /** As messages call the file: JSON or CSV. */
  String format();
}
