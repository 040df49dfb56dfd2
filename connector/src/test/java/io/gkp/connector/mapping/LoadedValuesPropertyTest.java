package io.gkp.connector.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.StandardSQLTypeName;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.mapping.RandomColumns.Column;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.ShrinkingMode;

/**
 * Whatever a column's type and value, what BigQuery gives back is what Postgres holds, by snapshot
 * and by stream.
 *
 * <p>{@code -Dtries=100 -Dseed=7} makes so many other tables. What fails is shrunk and printed as
 * lines of {@code type-cases.txt}; keep it there.
 */
class LoadedValuesPropertyTest {
  private static final int STREAMED = 1000;
  private static final long DEFAULT_SEED = 20_261_125;

  /** What holds every text, byte, truth value, integer and double that Postgres has. */
  private static final Set<StandardSQLTypeName> NEVER_LOSSY =
      EnumSet.of(
          StandardSQLTypeName.STRING,
          StandardSQLTypeName.BYTES,
          StandardSQLTypeName.BOOL,
          StandardSQLTypeName.INT64,
          StandardSQLTypeName.FLOAT64);

  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
  void postgresFindsItsOwnValuesInBigQuery(@ForAll("tables") List<Column> columns)
      throws Exception {
    try (Deployment deployment = new Deployment("any_type").withoutViews()) {
      TypeCases.createTypes(deployment.database);
      deployment.database.execute(createTable(columns));
      deployment.database.execute(inserts(columns, 0));
      deployment.drain();
      deployment.database.execute(inserts(columns, STREAMED));
      deployment.drain();
      LoadedTable loaded = new LoadedTable(deployment, "raw_any_type");
      assertThat(loaded.rows()).hasSize(2 * rows(columns));
      try (PostgresOracle oracle =
          new PostgresOracle(deployment.database.connect(), "public.any_type")) {
        assertThat(disagreements(columns, loaded, oracle)).as("-Dseed=%d", seed()).isEmpty();
      }
    }
  }

  @Provide
  Arbitrary<List<Column>> tables() {
    long seed = seed();
    RandomGenerator<List<Column>> generator = RandomColumns.tables().generator(1_000);
    return Arbitraries.fromGenerator(
        random -> generator.next(new Random(seed ^ random.nextLong())));
  }

  private static long seed() {
    return Long.getLong("seed", DEFAULT_SEED);
  }

  private static String createTable(List<Column> columns) {
    StringBuilder sql = new StringBuilder("CREATE TABLE any_type (id int PRIMARY KEY");
    for (int i = 0; i < columns.size(); i++) {
      sql.append(", ").append(name(i)).append(' ').append(columns.get(i).type());
    }
    return sql.append(')').toString();
  }

  private static String[] inserts(List<Column> columns, int firstId) {
    String[] statements = new String[rows(columns)];
    for (int row = 0; row < statements.length; row++) {
      StringBuilder sql = new StringBuilder("INSERT INTO any_type VALUES (" + (firstId + row));
      for (Column column : columns) {
        List<String> values = column.values();
        sql.append(", ").append(row < values.size() ? values.get(row) : "NULL");
      }
      statements[row] = sql.append(')').toString();
    }
    return statements;
  }

  private static int rows(List<Column> columns) {
    return columns.stream().mapToInt(column -> column.values().size()).max().orElseThrow();
  }

  private static String name(int column) {
    return "v" + column;
  }

  private static List<String> disagreements(
      List<Column> columns, LoadedTable loaded, PostgresOracle oracle) throws SQLException {
    List<String> disagreements = new ArrayList<>();
    for (FieldValueList row : loaded.rows()) {
      int id = LoadedTable.id(row);
      for (int i = 0; i < columns.size(); i++) {
        Field field = loaded.fields().get(name(i));
        String disagreement = loaded.disagreement(row, name(i), field, oracle);
        if (disagreement == null && isLossyWithoutNeed(row, field)) {
          disagreement = "lossy " + LoadedTable.lossyReason(row, name(i));
        }
        if (disagreement == null && isDocument(field) && !oracle.isNull(id, name(i))) {
          boolean lossy = LoadedTable.lossyReason(row, name(i)) != null;
          if (lossy == oracle.isJsonOfBigQuery(id, name(i))) {
            disagreement = lossy ? "lossy for no reason" : "not lossy";
          }
        }
        if (disagreement != null) {
          List<String> values = columns.get(i).values();
          int n = id % STREAMED;
          disagreements.add(
              "%s%n  %s  =>  %s%s"
                  .formatted(
                      columns.get(i).type(),
                      n < values.size() ? values.get(n) : "NULL",
                      disagreement,
                      id < STREAMED ? " (snapshot)" : " (stream)"));
        }
      }
    }
    return disagreements;
  }

  private static boolean isDocument(Field field) {
    return field.getType().getStandardType() == StandardSQLTypeName.JSON
        && field.getMode() != Field.Mode.REPEATED;
  }

  private static boolean isLossyWithoutNeed(FieldValueList row, Field field) {
    return field.getMode() != Field.Mode.REPEATED
        && NEVER_LOSSY.contains(field.getType().getStandardType())
        && LoadedTable.lossyReason(row, field.getName()) != null;
  }
}
