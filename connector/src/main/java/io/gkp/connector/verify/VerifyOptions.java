package io.gkp.connector.verify;

import io.gkp.connector.source.snapshot.Condition;
import io.gkp.name.TableName;
import io.gkp.sql.render.Datasets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to verify at the end of a run.
 *
 * @param tables captured tables; empty for all
 * @param condition which rows of the source; null for all
 * @param sample which part of the keys; null for all
 * @param most how many keys of rows that differ are told
 * @param models where the latest views are
 */
public record VerifyOptions(
    List<TableName> tables,
    @Nullable Condition condition,
    @Nullable Sample sample,
    int most,
    Datasets models) {
  /** As many as a report can show. */
  public static final int SHOWN_KEYS = 10;

  public VerifyOptions {
    tables = List.copyOf(tables);
  }

  /** Everything. */
  public static VerifyOptions all(Datasets models) {
    return new VerifyOptions(List.of(), null, null, SHOWN_KEYS, models);
  }
}
