package io.gkp.localbigquery.library;

import io.gkp.localbigquery.api.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * RANGE_SESSIONIZE as a query: a session starts at a range that the ranges before it do not reach.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/reference/standard-sql/range-functions#range_sessionize">RANGE_SESSIONIZE</a>
 */
public final class RangeSessionize {
  private static final Pattern TABLE = Pattern.compile("(?is)\\s*TABLE\\s+(.*)");
  private static final Pattern NAME = Pattern.compile("\\s*(['\"])(\\w+)\\1\\s*");
  private static final Pattern NAMES = Pattern.compile("(?s)\\s*\\[(.*)]\\s*");

  private RangeSessionize() {}

  /** To go in the place of the call; {@code null} for arguments that are not as documented. */
  public static String query(List<String> arguments) {
    if (arguments.size() < 3 || arguments.size() > 4) {
      return null;
    }
    Matcher table = TABLE.matcher(arguments.get(0));
    String from = table.matches() ? table.group(1) : arguments.get(0);
    String range = name(arguments.get(1));
    Matcher listed = NAMES.matcher(arguments.get(2));
    String option = arguments.size() == 3 ? "MEETS" : name(arguments.get(3));
    if (range == null || !listed.matches() || option == null) {
      return null;
    }
    List<String> keys = new ArrayList<>();
    for (String item : listed.group(1).split(",")) {
      if (!item.isBlank()) {
        keys.add(name(item));
      }
    }
    String reaches =
        switch (option.toUpperCase(Locale.ROOT)) {
          case "MEETS" -> ">=";
          case "OVERLAPS" -> ">";
          default ->
              throw ApiException.invalidQuery(
                  "Could not cast literal \"" + option + "\" to type RANGE_SESSIONIZE_MODE");
        };
    return keys.contains(null) ? null : query(from, range, keys, reaches);
  }

  private static String query(String from, String range, List<String> keys, String reaches) {
    StringBuilder partition = new StringBuilder("_ranges_." + range + " IS NULL");
    keys.forEach(key -> partition.append(", _ranges_.").append(key));
    String before =
        " OVER (PARTITION BY "
            + partition
            + " ORDER BY _start_ ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)";
    String session = " OVER (PARTITION BY " + partition + ", _session_)";
    return "(SELECT _ranges_.*, IF(_ranges_."
        + range
        + " IS NULL, NULL, RANGE(IF(LOGICAL_OR(_start_ IS NULL)"
        + session
        + ", NULL, MIN(_start_)"
        + session
        + "), IF(LOGICAL_OR(_end_ IS NULL)"
        + session
        + ", NULL, MAX(_end_)"
        + session
        + "))) AS session_range FROM (SELECT *, COUNTIF(_new_) OVER (PARTITION BY "
        + partition
        + " ORDER BY _start_ ROWS UNBOUNDED PRECEDING) AS _session_"
        + " FROM (SELECT *, NOT IFNULL(_start_ IS NULL AND COUNT(*)"
        + before
        + " > 0 OR LOGICAL_OR(_end_ IS NULL)"
        + before
        + " OR MAX(_end_)"
        + before
        + " "
        + reaches
        + " _start_, FALSE) AS _new_"
        + " FROM (SELECT _ranges_, RANGE_START(_ranges_."
        + range
        + ") AS _start_, RANGE_END(_ranges_."
        + range
        + ") AS _end_ FROM "
        + from
        + " AS _ranges_))))";
  }

  private static String name(String literal) {
    Matcher name = NAME.matcher(literal);
    return name.matches() ? name.group(2) : null;
  }
}
