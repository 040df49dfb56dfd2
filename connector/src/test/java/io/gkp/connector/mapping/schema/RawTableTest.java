package io.gkp.connector.mapping.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import io.gkp.connector.mapping.row.ChangeOp;
import io.gkp.connector.mapping.row.LoadRow;
import io.gkp.connector.mapping.schema.SchemaChanges.Redirection;
import io.gkp.connector.mapping.schema.SchemaChanges.Widening;
import io.gkp.connector.source.table.PostgresType;
import io.gkp.connector.source.table.PostgresType.Kind;
import io.gkp.connector.source.table.SourceColumn;
import io.gkp.connector.source.table.SourceTable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RawTableTest {
  private static SourceColumn column(String name, String type) {
    return new SourceColumn(name, PostgresType.base(1, "pg_catalog", type, Kind.BASE));
  }

  private static SourceColumn array(String name, String type) {
    PostgresType element = PostgresType.base(1, "pg_catalog", type, Kind.BASE);
    return new SourceColumn(
        name, new PostgresType(2, "pg_catalog", "_" + type, Kind.ARRAY, element, -1, ','));
  }

  private static SourceColumn key(String name, String type, int position) {
    return new SourceColumn(name, column(name, type).type(), -1, true, position, false);
  }

  private static SourceTable table(SourceColumn... columns) {
    return new SourceTable("public", "t", List.of(columns));
  }

  private static RawTable evolve(SourceColumn before, SourceColumn now) {
    return RawTable.of(table(now), RawTable.of(table(before)).schema());
  }

  private static List<String> fields(Schema schema) {
    List<String> fields = new ArrayList<>();
    for (Field field : schema.getFields()) {
      if (!field.getName().startsWith("_cdc_")) {
        fields.add(field.getName() + " " + field.getType().getStandardType());
      }
    }
    return fields;
  }

  @Test
  void aNewTableHasTheSourcesColumnsThenOurs() {
    RawTable raw = RawTable.of(table(column("a", "int4"), array("b", "text")));
    assertThat(raw.name()).isEqualTo("raw_t");
    assertThat(raw.schema().getFields().stream().map(Field::getName))
        .containsExactly(
            "a",
            "b",
            "_cdc_op",
            "_cdc_epoch",
            "_cdc_batch",
            "_cdc_row",
            "_cdc_lsn",
            "_cdc_tx_id",
            "_cdc_committed_at",
            "_cdc_ingested_at",
            "_cdc_run_id",
            "_cdc_unavailable",
            "_cdc_lossy");
    assertThat(raw.schema().getFields()).noneMatch(f -> f.getMode() == Field.Mode.REQUIRED);
    assertThat(raw.schema().getFields()).allMatch(f -> f.getDescription() != null);
    assertThat(raw.changes().added()).isEqualTo(List.copyOf(raw.schema().getFields()));
  }

  @Test
  void itIsClusteredByThreeKeyColumnsInKeyOrderThenBatch() {
    RawTable raw =
        RawTable.of(
            table(
                key("e", "text", 5),
                key("d", "text", 4),
                key("c", "bytea", 3),
                key("b", "uuid", 2),
                key("a", "int4", 1)));
    assertThat(raw.definition().getClustering().getFields())
        .containsExactly("a", "b", "d", "_cdc_batch");
    assertThat(raw.definition().getTimePartitioning().getField()).isEqualTo("_cdc_ingested_at");
  }

  @Test
  void nothingChangesWhenNothingChanged() {
    RawTable raw = evolve(column("a", "int4"), column("a", "int8"));
    assertThat(raw.changes().isEmpty()).isTrue();
    assertThat(raw.changes().redirected()).isEmpty();
  }

  @Test
  void newColumnsAreAddedAndDroppedOnesStay() {
    RawTable raw = evolve(column("a", "int4"), column("b", "text"));
    assertThat(raw.changes().added()).extracting(Field::getName).containsExactly("b");
    assertThat(fields(raw.schema())).containsExactly("a INT64", "b STRING");
    assertThat(LoadRow.brief(LoadRow.write(raw, ChangeOp.CREATE, "x")))
        .isEqualTo("{\"b\":\"x\",\"_cdc_op\":\"c\"}");
  }

  @Test
  void aDecimalTypeWidens() {
    RawTable raw = evolve(column("a", "int8"), column("a", "numeric"));
    assertThat(raw.changes().widened())
        .containsExactly(
            new Widening("a", StandardSQLTypeName.INT64, StandardSQLTypeName.BIGNUMERIC));
    assertThat(raw.changes().isEmpty()).isFalse();
    assertThat(fields(raw.schema())).containsExactly("a BIGNUMERIC");
  }

  @Test
  void aNarrowerDecimalIsWrittenInTheWiderField() {
    RawTable raw = evolve(column("a", "numeric"), column("a", "int4"));
    assertThat(raw.changes().isEmpty()).isTrue();
    assertThat(fields(raw.schema())).containsExactly("a BIGNUMERIC");
    assertThat(LoadRow.brief(LoadRow.write(raw, ChangeOp.CREATE, "42")))
        .isEqualTo("{\"a\":\"42\",\"_cdc_op\":\"c\"}");
  }

  @Test
  void anIncompatibleTypeGoesToANewColumnOnceAndForAll() {
    RawTable raw = evolve(column("a", "int4"), column("a", "text"));
    assertThat(raw.changes().redirected()).containsExactly(new Redirection("a", "a", "a__string"));
    assertThat(fields(raw.schema())).containsExactly("a INT64", "a__string STRING");
    assertThat(LoadRow.brief(LoadRow.write(raw, ChangeOp.CREATE, "x")))
        .isEqualTo("{\"a__string\":\"x\",\"_cdc_op\":\"c\"}");

    RawTable next = RawTable.of(table(column("a", "text")), raw.schema());
    assertThat(next.changes().isEmpty()).isTrue();
    assertThat(next.columns().get(0).fieldName()).isEqualTo("a__string");

    RawTable back = RawTable.of(table(column("a", "int8")), raw.schema());
    assertThat(back.changes().redirected()).isEmpty();
    assertThat(back.columns().get(0).fieldName()).isEqualTo("a");
  }

  @Test
  void integersAreNotWrittenAsFloats() {
    assertThat(evolve(column("a", "float8"), column("a", "int8")).columns().get(0).fieldName())
        .isEqualTo("a__int64");
  }

  @Test
  void anArrayAndItsElementTypeAreIncompatible() {
    RawTable raw = evolve(column("a", "text"), array("a", "text"));
    assertThat(raw.columns().get(0).fieldName()).isEqualTo("a__string_array");
  }

  @Test
  void aRedirectedColumnDoesNotTakeAnothersName() {
    RawTable before = RawTable.of(table(column("a", "int4"), column("a__string", "text")));
    RawTable raw =
        RawTable.of(table(column("a", "text"), column("a__string", "text")), before.schema());
    assertThat(raw.columns().get(1).fieldName()).isEqualTo("a__string");
    assertThat(raw.columns().get(0).fieldName()).startsWith("a__string_").hasSize(18);
  }

  @Test
  void aFieldThatDiffersByCaseAloneIsTheSame() {
    RawTable raw = evolve(column("Name", "text"), column("name", "text"));
    assertThat(raw.changes().isEmpty()).isTrue();
    assertThat(raw.columns().get(0).fieldName()).isEqualTo("Name");
  }
}
