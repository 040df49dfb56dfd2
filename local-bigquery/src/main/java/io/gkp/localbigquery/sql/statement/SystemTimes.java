package io.gkp.localbigquery.sql.statement;

import com.google.protobuf.Message;
import com.google.zetasql.ParseLocationRangeProto;
import com.google.zetasql.ResolvedTableScanProto;
import com.google.zetasql.ZetaSQLType.TypeKind;
import com.google.zetasql.ZetaSQLValue.ValueProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.AstNodes;
import io.gkp.localbigquery.sql.analysis.Parameters;
import io.gkp.localbigquery.sql.analysis.SqlText;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.analysis.ZetaSql;
import io.gkp.localbigquery.sql.value.SqlTypes;
import io.gkp.localbigquery.sql.value.ValueDecoder;
import io.gkp.localbigquery.storage.Moment;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * FOR SYSTEM_TIME AS OF. The analyzer has to know the columns that a table had then, before it
 * reads the statement: so the time is evaluated first, and becomes a part of the table's name
 * ({@link Moment}).
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/access-historical-data">Historical data</a>
 */
public final class SystemTimes {
  private static final Pattern MENTION = Pattern.compile("(?i)\\bSYSTEM(_|\\s+)TIME\\b");
  private static final String FIRST_WORD = "SYSTEM";

  private final ZetaSql zetaSql;

  public SystemTimes(ZetaSql zetaSql) {
    this.zetaSql = zetaSql;
  }

  /**
   * The statement with the times in the names of its tables.
   *
   * @param sql may be in error, which is left to the analyzer to say
   */
  public String inNames(String sql, Scope scope, Parameters parameters) {
    if (!isMentioned(sql)) {
      return sql;
    }
    String result = sql;
    // From the end, so that what is before stays where it is.
    for (Message table : tables(sql).descendingMap().values()) {
      result = named(result, table, scope, parameters);
    }
    return result;
  }

  /** Few texts have the first word, and to look for the pattern takes long. */
  private static boolean isMentioned(String sql) {
    for (int i = 0; i <= sql.length() - FIRST_WORD.length(); i++) {
      boolean begins = sql.charAt(i) == 'S' || sql.charAt(i) == 's';
      if (begins && sql.regionMatches(true, i, FIRST_WORD, 0, FIRST_WORD.length())) {
        return MENTION.matcher(sql).find();
      }
    }
    return false;
  }

  /** The tables that have a time, by the places of their names. */
  private NavigableMap<Integer, Message> tables(String sql) {
    NavigableMap<Integer, Message> tables = new TreeMap<>();
    for (Message node : Trees.all(zetaSql.parse(sql), Message.class)) {
      Message path = Trees.child(node, "path_expr");
      if (path != null && Trees.child(node, "for_system_time") != null) {
        tables.put(AstNodes.range(path).getStart(), node);
      }
    }
    return tables;
  }

  /**
   * Where the clause of a table stands.
   *
   * @param start of the table's name
   */
  ParseLocationRangeProto clause(String sql, int start) {
    return AstNodes.range(Trees.child(tables(sql).get(start), "for_system_time"));
  }

  private String named(String sql, Message table, Scope scope, Parameters parameters) {
    Message path = Trees.child(table, "path_expr");
    List<String> names = AstNodes.names(path);
    Optional<TableName> name = name(names, scope);
    Optional<Instant> time = name.flatMap(known -> time(sql, table, parameters));
    if (time.isEmpty()) {
      return sql;
    }
    Moment moment = new Moment(ChronoUnit.MICROS.between(Instant.EPOCH, time.get()));
    String last = names.get(names.size() - 1);
    String alias = last.substring(last.lastIndexOf('.') + 1);
    String at =
        SqlTypes.quote(name.get().project())
            + "."
            + SqlTypes.quote(name.get().dataset())
            + "."
            + SqlTypes.quote(moment.name(name.get().table()))
            + (Trees.child(table, "alias") == null && isInFrom(table)
                ? " AS " + SqlTypes.quote(alias)
                : "");
    ParseLocationRangeProto range = AstNodes.range(path);
    byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
    return new String(bytes, 0, range.getStart(), StandardCharsets.UTF_8)
        + at
        + new String(bytes, range.getEnd(), bytes.length - range.getEnd(), StandardCharsets.UTF_8);
  }

  /** What a copy is made of has no alias. */
  private static boolean isInFrom(Message table) {
    return table.getDescriptorForType().findFieldByName("alias") != null;
  }

  /** Empty for what cannot be a table with a past. */
  private static Optional<TableName> name(List<String> path, Scope scope) {
    try {
      TableName name = TableName.of(path, scope);
      return name.informationSchema()
              || name.table().endsWith("*")
              || Moment.of(name.reference()).isPresent()
          ? Optional.empty()
          : Optional.of(name);
    } catch (ApiException e) {
      return Optional.empty();
    }
  }

  /** Empty for an expression that is not constant, or no time. */
  private Optional<Instant> time(String sql, Message table, Parameters parameters) {
    Message expression = Trees.child(Trees.child(table, "for_system_time"), "expression");
    String query = "SELECT CAST((" + new SqlText(sql).of(expression) + "\n) AS TIMESTAMP)";
    try {
      ValueProto value =
          zetaSql.query(query, new Catalogs().build(), parameters).getRow(0).getCell(0);
      return Optional.ofNullable(
          (Instant) ValueDecoder.decode(SqlTypes.simple(TypeKind.TYPE_TIMESTAMP), value));
    } catch (ApiException e) {
      // The analyzer says what is wrong with it, and where.
      return Optional.empty();
    }
  }

  /** Throws {@code notImplemented} for a time that is no part of the table's name. */
  public static void check(ResolvedTableScanProto scan, Relation relation) {
    if (!scan.hasForSystemTimeExpr() || Moment.of(relation.reference()).isPresent()) {
      return;
    }
    boolean isTable =
        relation instanceof Relation.Stored
            || relation instanceof Relation.View view && view.hidesRows();
    throw ApiException.notImplemented(
        isTable
            ? "FOR SYSTEM_TIME AS OF this expression"
            : "FOR SYSTEM_TIME AS OF for anything but a table");
  }
}
