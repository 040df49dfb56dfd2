package io.gkp.localbigquery.translate;

/** Where the rows of a statement's tables lie. */
public interface Sources {
  /**
   * @param table the number of the table in the statement's catalog
   * @return what DuckDB reads, to go after FROM
   */
  String from(long table);

  /**
   * @param column its position in the table
   * @return its name in {@link #from}
   */
  String column(long table, int column);
}
