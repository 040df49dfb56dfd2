package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.TableReference;
import io.gkp.localbigquery.api.ApiException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time that a table's name asks for. Clients write {@code table@1764444000000}, milliseconds
 * since 1970; {@code table@-3600000}, milliseconds before now; and {@code table@0}, the oldest
 * state that is kept. Inside of the server it is {@code table@=1764444000000000}, microseconds
 * since 1970.
 *
 * @param micros since 1970
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/access-historical-data#restore-a-table">Restoring
 *     a table</a>
 */
public record Moment(long micros) {
  private static final Pattern NAMED = Pattern.compile("(.*)@=(\\d{1,18})");
  private static final Pattern GIVEN = Pattern.compile("(.*)@(-?\\d{1,15})");

  /** Empty where the name asks for the table as it is. */
  public static Optional<Moment> of(TableReference named) {
    Matcher at = NAMED.matcher(named.getTableId() == null ? "" : named.getTableId());
    return at.matches() ? Optional.of(new Moment(Long.parseLong(at.group(2)))) : Optional.empty();
  }

  /** The table that has been so. */
  public static TableReference whole(TableReference named) {
    Matcher at = NAMED.matcher(named.getTableId() == null ? "" : named.getTableId());
    return at.matches()
        ? Names.table(named.getProjectId(), named.getDatasetId(), at.group(1))
        : named;
  }

  /** The name of the table at this time. */
  public String name(String table) {
    return table + "@=" + micros;
  }

  /** Reads what clients write. Throws {@code invalid} for what is after an @ and is no time. */
  public static TableReference given(TableReference table) {
    String name = table.getTableId();
    if (name.indexOf('@') < 0) {
      return table;
    }
    Matcher at = GIVEN.matcher(name);
    if (!at.matches()) {
      throw ApiException.invalid("Invalid snapshot decorator in table ID \"" + name + "\".");
    }
    long millis = Long.parseLong(at.group(2));
    long since1970 = millis < 0 ? System.currentTimeMillis() + millis : millis;
    return Names.table(
        table.getProjectId(),
        table.getDatasetId(),
        new Moment(Math.max(0, since1970 * 1000)).name(at.group(1)));
  }
}
