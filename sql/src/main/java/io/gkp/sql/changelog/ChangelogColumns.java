package io.gkp.sql.changelog;

import io.gkp.raw.CdcColumn;
import io.gkp.sql.model.Column;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;

/** The columns that raw tables have beside the source's own, as the models have them. */
public final class ChangelogColumns {
  /** In raw tables. */
  public static final List<Column> RAW =
      Arrays.stream(CdcColumn.values()).map(ChangelogColumns::column).toList();

  /** In latest views and state tables, where they tell of the row's last change. */
  public static final List<Column> LATEST =
      EnumSet.complementOf(EnumSet.of(CdcColumn.RUN_ID, CdcColumn.UNAVAILABLE)).stream()
          .map(ChangelogColumns::column)
          .toList();

  private ChangelogColumns() {}

  private static Column column(CdcColumn column) {
    return new Column(column.columnName(), column.type(), column.description() + ".");
  }
}
