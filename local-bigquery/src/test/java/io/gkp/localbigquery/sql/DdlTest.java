package io.gkp.localbigquery.sql;

import static io.gkp.localbigquery.sql.Sandbox.reference;
import static io.gkp.localbigquery.sql.Sandbox.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.bigquery.model.QueryParameter;
import com.google.api.services.bigquery.model.QueryParameterType;
import com.google.api.services.bigquery.model.QueryParameterValue;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.statement.StatementResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DdlTest {
  private final Sandbox sandbox;

  DdlTest(@TempDir Path directory) {
    this.sandbox = new Sandbox(directory);
  }

  private Table table(String name) {
    return sandbox.warehouse.table(reference(name)).orElseThrow();
  }

  @Test
  void aTableIsCreatedAsDefined() {
    StatementResult result =
        sandbox.run(
            """
            CREATE TABLE `acme-prod.d.t` (
              id INT64 NOT NULL OPTIONS(description="the key"),
              ts TIMESTAMP,
              tags ARRAY<STRING>,
              nested STRUCT<a INT64, b ARRAY<STRUCT<c NUMERIC(10, 2)>>>
            )
            PARTITION BY DATE(ts)
            CLUSTER BY id
            OPTIONS(description="things", labels=[("team", "data")],
              partition_expiration_days=2, require_partition_filter=TRUE)
            """);
    assertThat(result.statementType()).isEqualTo("CREATE_TABLE");
    assertThat(result.ddlOperation()).isEqualTo("CREATE");
    Table table = table("t");
    assertThat(table.getDescription()).isEqualTo("things");
    assertThat(table.getLabels()).isEqualTo(Map.of("team", "data"));
    assertThat(table.getTimePartitioning().getType()).isEqualTo("DAY");
    assertThat(table.getTimePartitioning().getField()).isEqualTo("ts");
    assertThat(table.getTimePartitioning().getExpirationMs()).isEqualTo(172_800_000L);
    assertThat(table.getRequirePartitionFilter()).isTrue();
    assertThat(table.getClustering().getFields()).containsExactly("id");
    List<TableFieldSchema> fields = table.getSchema().getFields();
    assertThat(fields)
        .extracting(TableFieldSchema::getType)
        .containsExactly("INTEGER", "TIMESTAMP", "STRING", "RECORD");
    assertThat(fields)
        .extracting(TableFieldSchema::getMode)
        .containsExactly("REQUIRED", "NULLABLE", "REPEATED", "NULLABLE");
    assertThat(fields.get(0).getDescription()).isEqualTo("the key");
    TableFieldSchema c = fields.get(3).getFields().get(1).getFields().get(0);
    assertThat(c.getPrecision()).isEqualTo(10);
    assertThat(c.getScale()).isEqualTo(2);
  }

  @Test
  void aTableIsMadeOfAQuery() {
    sandbox.table("t", "id INT64, s STRING", row(1L, "a"), row(2L, "b"));
    StatementResult result =
        sandbox.run("CREATE TABLE copy CLUSTER BY s AS SELECT s, id FROM t WHERE id > 1");
    assertThat(result.statementType()).isEqualTo("CREATE_TABLE_AS_SELECT");
    assertThat(sandbox.stored("copy")).containsExactly(List.of("b", 2L));
    assertThat(table("copy").getClustering().getFields()).containsExactly("s");
    sandbox.run("CREATE OR REPLACE TABLE copy CLUSTER BY s AS (SELECT 'c' AS s) ;");
    assertThat(sandbox.stored("copy")).containsExactly(List.of("c"));
  }

  @Test
  void aTableIsNotReplacedByOneLaidOutOtherwise() {
    sandbox.table("t", "id INT64, day DATE", row(1L, null));
    for (String layout : List.of("PARTITION BY day", "CLUSTER BY id")) {
      sandbox
          .assertFails(
              "CREATE OR REPLACE TABLE t " + layout + " AS SELECT 1 AS id, day FROM t", "invalid")
          .hasMessageContaining("different partitioning spec");
    }
    sandbox.assertFails("CREATE OR REPLACE TABLE t (id INT64) CLUSTER BY id", "invalid");
    assertThat(sandbox.stored("t")).hasSize(1);

    sandbox.run("CREATE VIEW v AS SELECT id FROM d.t");
    sandbox
        .assertFails("CREATE OR REPLACE TABLE v AS SELECT 1 AS id", "invalid")
        .hasMessageContaining("currently a VIEW");
  }

  @Test
  void whatExistsIsKeptReplacedOrRefused() {
    sandbox.table("t", "id INT64", row(1L));
    sandbox.assertFails("CREATE TABLE t (x INT64)", "duplicate");
    assertThat(sandbox.run("CREATE TABLE IF NOT EXISTS t (x INT64)").ddlOperation())
        .isEqualTo("SKIP");
    assertThat(sandbox.stored("t")).containsExactly(List.of(1L));
    assertThat(sandbox.run("CREATE OR REPLACE TABLE t (x INT64)").ddlOperation())
        .isEqualTo("REPLACE");
    assertThat(sandbox.stored("t")).isEmpty();
    assertThat(sandbox.run("DROP TABLE t").ddlOperation()).isEqualTo("DROP");
    assertThat(sandbox.run("DROP TABLE IF EXISTS t").ddlOperation()).isEqualTo("SKIP");
    sandbox
        .assertFails("DROP TABLE t", "notFound")
        .hasMessage("Not found: Table acme-prod:d.t was not found in location US");
  }

  @Test
  void aViewKeepsItsTextAndDescriptions() {
    sandbox.table("t", "id INT64, s STRING", row(1L, "a"));
    sandbox.run(
        """
        CREATE VIEW v (key OPTIONS(description="the key"), s)
        OPTIONS(description="a view") AS
        SELECT id, s FROM `acme-prod.d.t` -- that is all
        """);
    Table view = table("v");
    assertThat(view.getView().getQuery()).isEqualTo("SELECT id, s FROM `acme-prod.d.t`");
    assertThat(view.getDescription()).isEqualTo("a view");
    assertThat(view.getSchema().getFields().get(0).getDescription()).isEqualTo("the key");
    assertThat(sandbox.rows("SELECT key, s FROM v")).containsExactly(List.of(1L, "a"));
  }

  /** Without a default dataset a view is analyzed once, with its statement. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE VIEW d.v AS SELECT id, s FROM d.t",
        "create view d.v as select t.id as x from `acme-prod`.d.t;",
        "CREATE VIEW d.v AS (SELECT id FROM `acme-prod.d.t`) ;",
        "CREATE VIEW d.v AS ((SELECT id FROM d.t) UNION ALL SELECT 2)",
        "CREATE VIEW d.v AS SELECT id FROM d.t UNION ALL (SELECT 2)",
        "CREATE VIEW d.v\nAS\n-- AS SELECT\nWITH a AS (SELECT 1 AS x) SELECT x FROM a -- end\n",
        "CREATE VIEW d.v AS/**/SELECT 'ü' AS u, \"\"\"AS\"\"\" AS w, id FROM d.t /* end */ ; ",
        "CREATE VIEW d.v OPTIONS(expiration_timestamp=CAST('2999-01-01' AS TIMESTAMP))"
            + " AS SELECT 1 AS x",
        "CREATE VIEW d.v (k OPTIONS(description='AS SELECT 1')) AS SELECT id FROM d.t",
        "CREATE MATERIALIZED VIEW d.v AS SELECT s, COUNT(*) AS n FROM d.t GROUP BY s"
      })
  void aViewIsTheSameWithoutADefaultDataset(String createView) {
    sandbox.table("t", "id INT64, s STRING", row(1L, "a"));
    StatementResult with = sandbox.run(createView);
    StatementResult without = sandbox.runWithoutDefaultDataset(createView.replace("d.v", "d.w"));
    assertThat(table("w").getView()).isEqualTo(table("v").getView());
    assertThat(table("w").getSchema()).isEqualTo(table("v").getSchema());
    assertThat(without.referencedTables()).isEqualTo(with.referencedTables());
    assertThat(sandbox.rows("SELECT * FROM w")).isNotEmpty();
  }

  @Test
  void aViewHasNoParametersAndNoSystemVariables() {
    QueryParameter p =
        new QueryParameter()
            .setName("p")
            .setParameterType(new QueryParameterType().setType("INT64"))
            .setParameterValue(new QueryParameterValue().setValue("1"));
    assertThatThrownBy(
            () -> sandbox.runWithoutDefaultDataset("CREATE VIEW d.v AS SELECT @p AS x", p))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("Query parameters cannot be used inside SQL view bodies");
    assertThatThrownBy(
            () -> sandbox.runWithoutDefaultDataset("CREATE VIEW d.v AS SELECT @@project_id AS x"))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("does not implement @@PROJECT_ID");
  }

  @Test
  void aViewMustNameTablesInFull() {
    sandbox.table("t", "id INT64");
    sandbox
        .assertFails("CREATE VIEW v AS SELECT * FROM t", "invalidQuery")
        .hasMessageContaining("must be qualified with a dataset");
  }

  @Test
  void clusteringIsChecked() {
    sandbox.assertFails("CREATE TABLE t (f FLOAT64) CLUSTER BY f", "invalidQuery");
    sandbox
        .assertFails(
            "CREATE TABLE t (a INT64, b INT64, c INT64, e INT64, f INT64) CLUSTER BY a, b, c, e, f",
            "invalidQuery")
        .hasMessageContaining("at most 4");
  }

  @Test
  void partitioningIsChecked() {
    sandbox.assertFails("CREATE TABLE t (s STRING) PARTITION BY s", "invalidQuery");
    sandbox.run("CREATE TABLE m (ts TIMESTAMP) PARTITION BY TIMESTAMP_TRUNC(ts, MONTH)");
    assertThat(table("m").getTimePartitioning().getType()).isEqualTo("MONTH");
    sandbox.run("CREATE TABLE d1 (day DATE) PARTITION BY day");
    assertThat(table("d1").getTimePartitioning().getField()).isEqualTo("day");
    sandbox.run(
        "CREATE TABLE r (n INT64) PARTITION BY RANGE_BUCKET(n, GENERATE_ARRAY(0, 100, 10))");
    assertThat(table("r").getRangePartitioning().getRange().getInterval()).isEqualTo(10);
  }

  @Test
  void datasetsComeAndGo() {
    sandbox.run("CREATE SCHEMA `acme-prod.fresh` OPTIONS(location='EU', labels=[('a', 'b')])");
    assertThat(sandbox.warehouse.dataset("acme-prod", "fresh").orElseThrow().getLocation())
        .isEqualTo("EU");
    sandbox.run("CREATE TABLE fresh.t (x INT64)");
    sandbox.assertFails("DROP SCHEMA fresh", "resourceInUse");
    sandbox.run("DROP SCHEMA fresh CASCADE");
    assertThat(sandbox.warehouse.dataset("acme-prod", "fresh")).isEmpty();
  }

  @Test
  void columnsAndOptionsAreAltered() {
    sandbox.table("t", "id INT64, n INT64", row(1L, 2L));
    sandbox.run(
        "ALTER TABLE t ADD COLUMN s STRING OPTIONS(description='new'),"
            + " ADD COLUMN IF NOT EXISTS id INT64, ADD COLUMN many ARRAY<INT64>");
    sandbox.run("ALTER TABLE t SET OPTIONS(description='altered', labels=[('a', 'b')])");
    sandbox.run("ALTER TABLE t ALTER COLUMN n SET DATA TYPE NUMERIC");
    sandbox.run("ALTER TABLE t ALTER COLUMN id SET OPTIONS(description='key')");
    assertThat(table("t").getDescription()).isEqualTo("altered");
    assertThat(table("t").getSchema().getFields())
        .extracting(TableFieldSchema::getName, TableFieldSchema::getType, f -> f.getDescription())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("id", "INTEGER", "key"),
            org.assertj.core.groups.Tuple.tuple("n", "NUMERIC", null),
            org.assertj.core.groups.Tuple.tuple("s", "STRING", "new"),
            org.assertj.core.groups.Tuple.tuple("many", "INTEGER", null));
    assertThat(sandbox.rows("SELECT id, n, s IS NULL, many FROM t"))
        .containsExactly(List.of(1L, new java.math.BigDecimal("2"), true, List.of()));
    sandbox.run("CREATE VIEW v AS SELECT id FROM d.t");
    sandbox.run("ALTER VIEW v SET OPTIONS(description='a view')");
    assertThat(table("v").getDescription()).isEqualTo("a view");
    assertThat(table("v").getView().getQuery()).isEqualTo("SELECT id FROM d.t");
  }

  /** DuckDB goes through rows 2,048 at a time. */
  @Test
  void aRepeatedColumnIsAddedToManyRows() {
    sandbox.run("CREATE TABLE many AS SELECT n FROM UNNEST(GENERATE_ARRAY(1, 5000)) AS n");
    sandbox.run("ALTER TABLE many ADD COLUMN tags ARRAY<STRING>");
    sandbox.run("INSERT INTO many VALUES (0, ['a'])");
    assertThat(
            sandbox.rows(
                "SELECT COUNT(*), COUNT(ARRAY_LENGTH(tags)), SUM(ARRAY_LENGTH(tags)) FROM many"))
        .containsExactly(List.of(5001L, 5001L, 1L));
  }

  @Test
  void aTypeTakesWiderParametersAndNoNarrowerOnes() {
    sandbox.run("CREATE TABLE p (n NUMERIC(10, 2), s STRING(5))");
    sandbox.run(
        "ALTER TABLE p ALTER COLUMN n SET DATA TYPE NUMERIC(12, 3),"
            + " ALTER COLUMN s SET DATA TYPE STRING");
    assertThat(table("p").getSchema().getFields())
        .extracting(f -> f.getPrecision(), f -> f.getScale(), f -> f.getMaxLength())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(12L, 3L, null),
            org.assertj.core.groups.Tuple.tuple(null, null, null));
    sandbox.run("INSERT INTO p VALUES (123456789.123, 'longer')");
    for (String narrower : List.of("NUMERIC(12, 4)", "NUMERIC(11, 3)")) {
      sandbox
          .assertFails("ALTER TABLE p ALTER COLUMN n SET DATA TYPE " + narrower, "invalidQuery")
          .hasMessageContaining("(NUMERIC(12, 3)) is assignable to the new type (" + narrower);
    }
    sandbox
        .assertFails("ALTER TABLE p ALTER COLUMN s SET DATA TYPE STRING(9)", "invalidQuery")
        .hasMessageContaining("(STRING) is assignable to the new type (STRING(9))");
  }

  @Test
  void columnsAreDroppedAndRenamed() {
    sandbox.run("CREATE TABLE t (id INT64, a STRING, b STRING, k INT64) CLUSTER BY k");
    sandbox.run("INSERT INTO t VALUES (1, 'x', 'y', 2)");
    sandbox.run("ALTER TABLE t DROP COLUMN a, DROP COLUMN IF EXISTS gone");
    sandbox.run("ALTER TABLE t RENAME COLUMN b TO c");
    assertThat(sandbox.rows("SELECT * FROM t")).containsExactly(List.of(1L, "y", 2L));
    assertThat(table("t").getSchema().getFields())
        .extracting(TableFieldSchema::getName)
        .containsExactly("id", "c", "k");
    sandbox.assertFails("ALTER TABLE t DROP COLUMN k", "invalidQuery");
    sandbox.assertFails("ALTER TABLE t DROP COLUMN gone", "invalidQuery");
    sandbox.assertFails("ALTER TABLE t RENAME COLUMN c TO id", "invalidQuery");
  }

  @Test
  void aTableIsRenamed() {
    sandbox.table("t", "id INT64", row(1L));
    sandbox.table("other", "id INT64");
    sandbox.assertFails("ALTER TABLE t RENAME TO other", "duplicate");
    sandbox.run("ALTER TABLE t RENAME TO u");
    assertThat(sandbox.rows("SELECT id FROM u")).containsExactly(List.of(1L));
    sandbox.assertFails("SELECT id FROM t", "notFound");
  }

  @Test
  void clonesAndSnapshotsKeepTheRowsThatTheTableHad() {
    sandbox.table("t", "id INT64", row(1L), row(2L));
    sandbox.run("CREATE TABLE c CLONE t");
    sandbox.run("CREATE TABLE p COPY t");
    sandbox.run("CREATE SNAPSHOT TABLE s CLONE t");
    sandbox.run("DELETE FROM t WHERE id = 1");
    sandbox.run("INSERT INTO c VALUES (3)");
    assertThat(sandbox.rows("SELECT id FROM c ORDER BY id"))
        .containsExactly(List.of(1L), List.of(2L), List.of(3L));
    assertThat(sandbox.rows("SELECT COUNT(*) FROM p")).containsExactly(List.of(2L));
    assertThat(sandbox.rows("SELECT COUNT(*) FROM s")).containsExactly(List.of(2L));
    assertThat(table("s").getType()).isEqualTo("SNAPSHOT");
    sandbox.assertFails("INSERT INTO s VALUES (3)", "invalidQuery");
    sandbox.assertFails("DROP TABLE s", "invalidQuery");
    sandbox.run("DROP SNAPSHOT TABLE s");
    sandbox.assertFails("CREATE TABLE c CLONE t", "duplicate");
    sandbox.run("CREATE TABLE now CLONE t FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP()");
    assertThat(sandbox.rows("SELECT id FROM now")).containsExactly(List.of(2L));
    sandbox
        .assertFails(
            "CREATE SNAPSHOT TABLE s CLONE t FOR SYSTEM_TIME AS OF"
                + " TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 DAY)",
            "invalidQuery")
        .hasMessageContaining("Invalid snapshot time");
  }

  @Test
  void aMaterializedViewHasTheRowsOfItsQuery() {
    sandbox.table("t", "k STRING, n INT64", row("a", 1L), row("a", 2L));
    sandbox.run("CREATE MATERIALIZED VIEW m AS SELECT k, SUM(n) AS n FROM d.t GROUP BY k");
    sandbox.run("INSERT INTO t VALUES ('a', 3)");
    assertThat(sandbox.rows("SELECT k, n FROM m")).containsExactly(List.of("a", 6L));
    assertThat(table("m").getType()).isEqualTo("MATERIALIZED_VIEW");
    sandbox.run("ALTER MATERIALIZED VIEW m SET OPTIONS (enable_refresh = FALSE)");
    sandbox.run(
        "CREATE OR REPLACE MATERIALIZED VIEW r OPTIONS (refresh_interval_minutes = 20)"
            + " AS SELECT k FROM d.t");
    assertThat(table("m").getMaterializedView().getEnableRefresh()).isFalse();
    assertThat(table("r").getMaterializedView().getRefreshIntervalMs()).isEqualTo(1_200_000);
    sandbox.assertFails("ALTER VIEW m SET OPTIONS (description = 'm')", "invalidQuery");
    sandbox.assertFails("ALTER TABLE t SET OPTIONS (enable_refresh = FALSE)", "invalidQuery");
    sandbox.assertFails("DROP VIEW m", "invalidQuery");
    sandbox.run("DROP MATERIALIZED VIEW m");
  }

  @Test
  void optionsOfTablesCanBeQueried() {
    sandbox.run(
        "CREATE TABLE t (d DATE) PARTITION BY d OPTIONS(description='a \"b\"',"
            + " labels=[('k', 'v')], require_partition_filter=TRUE, partition_expiration_days=1.5)");
    assertThat(
            sandbox.rows(
                "SELECT option_name, option_type, option_value"
                    + " FROM d.INFORMATION_SCHEMA.TABLE_OPTIONS ORDER BY option_name"))
        .containsExactly(
            List.of("description", "STRING", "\"a \\\"b\\\"\""),
            List.of("labels", "ARRAY<STRUCT<STRING, STRING>>", "[STRUCT(\"k\", \"v\")]"),
            List.of("partition_expiration_days", "FLOAT64", "1.5"),
            List.of("require_partition_filter", "BOOL", "true"));
  }

  @Test
  void truncateLeavesAnEmptyTable() {
    sandbox.table("t", "id INT64", row(1L), row(2L));
    assertThat(sandbox.run("TRUNCATE TABLE t").affectedRows()).isEqualTo(2);
    assertThat(sandbox.stored("t")).isEmpty();
  }

  @Test
  void metadataCanBeQueried() {
    sandbox.run("CREATE TABLE t (id INT64, day DATE) PARTITION BY day CLUSTER BY id");
    sandbox.run("CREATE VIEW v AS SELECT id FROM d.t");
    assertThat(
            sandbox.rows(
                "SELECT table_name, table_type FROM `acme-prod.d.INFORMATION_SCHEMA.TABLES`"
                    + " ORDER BY 1"))
        .containsExactly(List.of("t", "BASE TABLE"), List.of("v", "VIEW"));
    assertThat(
            sandbox.rows(
                "SELECT column_name, data_type, is_partitioning_column,"
                    + " IFNULL(clustering_ordinal_position, 0)"
                    + " FROM d.INFORMATION_SCHEMA.COLUMNS WHERE table_name = 't' ORDER BY 1"))
        .containsExactly(List.of("day", "DATE", "YES", 0L), List.of("id", "INT64", "NO", 1L));
    assertThat(sandbox.rows("SELECT schema_name FROM `region-us`.INFORMATION_SCHEMA.SCHEMATA"))
        .containsExactly(List.of("d"));
  }

  @Test
  void aDatasetKeepsItsOptions() {
    sandbox.run(
        """
        CREATE SCHEMA kept DEFAULT COLLATE 'und:ci' OPTIONS(description="a \\"b\\"",
          default_table_expiration_days=1.5, max_time_travel_hours=48,
          storage_billing_model="PHYSICAL", labels=[("team", "data")])
        """);
    sandbox.run("ALTER SCHEMA kept SET OPTIONS(default_table_expiration_days=NULL)");
    assertThat(
            sandbox.rows(
                "SELECT option_name, option_type, option_value"
                    + " FROM INFORMATION_SCHEMA.SCHEMATA_OPTIONS ORDER BY 1"))
        .containsExactly(
            List.of("description", "STRING", "\"a \\\"b\\\"\""),
            List.of("labels", "ARRAY<STRUCT<STRING, STRING>>", "[STRUCT(\"team\", \"data\")]"),
            List.of("max_time_travel_hours", "INT64", "48"),
            List.of("storage_billing_model", "STRING", "\"PHYSICAL\""));
    assertThat(
            sandbox.rows(
                "SELECT default_collation_name, ddl FROM INFORMATION_SCHEMA.SCHEMATA"
                    + " WHERE schema_name = 'kept'"))
        .containsExactly(
            List.of(
                "und:ci",
                """
                CREATE SCHEMA `acme-prod.kept`
                DEFAULT COLLATE 'und:ci'
                OPTIONS(
                  description="a \\"b\\"",
                  max_time_travel_hours=48,
                  storage_billing_model="PHYSICAL",
                  labels=[("team", "data")],
                  location="us"
                );"""));
  }

  @Test
  void aMaterializedViewKeepsWhenItIsRefreshed() {
    sandbox.run("CREATE TABLE t (id INT64)");
    sandbox.run(
        "CREATE MATERIALIZED VIEW mv OPTIONS(enable_refresh=TRUE, refresh_interval_minutes=30)"
            + " AS SELECT id, COUNT(*) AS n FROM d.t GROUP BY id");
    StatementResult altered =
        sandbox.run("ALTER MATERIALIZED VIEW mv SET OPTIONS(enable_refresh=FALSE)");
    assertThat(altered.statementType()).isEqualTo("ALTER_MATERIALIZED_VIEW");
    assertThat(
            sandbox.rows(
                "SELECT option_name, option_value FROM d.INFORMATION_SCHEMA.TABLE_OPTIONS"
                    + " ORDER BY 1"))
        .containsExactly(
            List.of("enable_refresh", "false"), List.of("refresh_interval_minutes", "30.0"));
    sandbox
        .assertFails("ALTER TABLE t SET OPTIONS(enable_refresh=FALSE)", "invalidQuery")
        .hasMessageContaining("materialized view");
    sandbox
        .assertFails("ALTER VIEW mv SET OPTIONS(description='x')", "invalidQuery")
        .hasMessageEndingWith("is not a VIEW");
  }

  @Test
  void viewsOfWhatIsNotThereAreEmpty() {
    for (String view : List.of("TABLE_SNAPSHOTS", "ROUTINE_OPTIONS", "SEARCH_INDEXES")) {
      assertThat(sandbox.rows("SELECT * FROM d.INFORMATION_SCHEMA." + view)).as(view).isEmpty();
    }
    sandbox.assertFails("SELECT * FROM INFORMATION_SCHEMA.JOBS_TIMELINE", "notImplemented");
    sandbox.assertFails("SELECT * FROM INFORMATION_SCHEMA.NO_SUCH_VIEW", "notFound");
  }

  @Test
  void aSnapshotTellsWhatItIsOf() {
    sandbox.table("t", "id INT64", row(1L));
    sandbox.run("CREATE SNAPSHOT TABLE s CLONE d.t");
    assertThat(
            sandbox.rows(
                "SELECT table_name, base_table_schema, base_table_name,"
                    + " snapshot_time <= CURRENT_TIMESTAMP()"
                    + " FROM d.INFORMATION_SCHEMA.TABLE_SNAPSHOTS"))
        .containsExactly(List.of("s", "d", "t", true));
    sandbox.run("ALTER TABLE s SET OPTIONS(description='frozen')");
    assertThat(table("s").getDescription()).isEqualTo("frozen");
  }

  @Test
  void aRoutineTellsItsOptionsAndItsStatement() {
    sandbox.run("CREATE FUNCTION d.twice(x INT64) OPTIONS(description='doubles') AS (x * 2)");
    assertThat(
            sandbox.rows(
                "SELECT option_name, option_type, option_value"
                    + " FROM d.INFORMATION_SCHEMA.ROUTINE_OPTIONS"))
        .containsExactly(List.of("description", "STRING", "\"doubles\""));
    Object ddl = sandbox.rows("SELECT ddl FROM d.INFORMATION_SCHEMA.ROUTINES").get(0).get(0);
    sandbox.run("DROP FUNCTION d.twice");
    sandbox.run((String) ddl);
    assertThat(sandbox.rows("SELECT d.twice(4)")).containsExactly(List.of(8L));
  }

  @Test
  void aCallerSeesTheRowsThatItsPoliciesLetThrough() {
    sandbox.table(
        "t", "id INT64, region STRING", row(1L, "US"), row(2L, "US"), row(3L, "EU"), row(4L, "EU"));
    sandbox.view("v", "SELECT id FROM `acme-prod.d.t`");
    String mine = "GRANT TO ('user:local@localhost') FILTER USING (region = 'US')";
    StatementResult created = sandbox.run("CREATE ROW ACCESS POLICY us ON d.t " + mine);
    assertThat(created.statementType()).isEqualTo("CREATE_ROW_ACCESS_POLICY");
    assertThat(sandbox.rows("SELECT id FROM d.v ORDER BY id"))
        .containsExactly(List.of(1L), List.of(2L));
    sandbox.assertFails("CREATE ROW ACCESS POLICY us ON d.t " + mine, "duplicate");

    sandbox.run(
        "CREATE OR REPLACE ROW ACCESS POLICY us ON d.t"
            + " GRANT TO ('user:someone@else.example') FILTER USING (TRUE)");
    assertThat(sandbox.rows("SELECT id FROM d.t")).isEmpty();

    sandbox.run(
        "CREATE ROW ACCESS POLICY all_see ON d.t"
            + " GRANT TO ('allAuthenticatedUsers') FILTER USING (t.id IN (SELECT 4)) -- one");
    assertThat(
            sandbox.rows(
                "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 2)"
                    + " SELECT i, a.id FROM n, d.t AS a JOIN d.t AS b USING (id) ORDER BY i"))
        .containsExactly(List.of(1L, 4L), List.of(2L, 4L));
    sandbox.run("UPDATE t SET region = 'XX' WHERE id = 1");
    assertThat(sandbox.stored("t")).contains(List.of(1L, "XX"));

    sandbox.assertFails("DROP ROW ACCESS POLICY missing ON d.t", "notFound");
    sandbox.run("DROP ROW ACCESS POLICY IF EXISTS missing ON d.t");
    sandbox.run("DROP ROW ACCESS POLICY all_see ON d.t");
    assertThat(sandbox.rows("SELECT id FROM d.t")).isEmpty();
    assertThat(sandbox.run("DROP ALL ROW ACCESS POLICIES ON d.t").ddlOperation()).isEqualTo("DROP");
    assertThat(sandbox.rows("SELECT COUNT(*) FROM d.t")).containsExactly(List.of(4L));
  }
}
