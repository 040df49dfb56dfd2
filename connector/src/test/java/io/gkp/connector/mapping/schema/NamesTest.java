package io.gkp.connector.mapping.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.raw.RawNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NamesTest {
  @Test
  void plainNamesStay() {
    List<String> names = List.of("id", "Created_At", "_x", "select", "a1", "x".repeat(63));
    assertThat(ColumnNames.of(names)).isEqualTo(names);
  }

  @Test
  void oddNamesGetAHashOfTheOriginal() {
    assertThat(ColumnNames.of(List.of("a b", "a-b", "1st", "ä", "", "🎉")))
        .containsExactly(
            "a_b_c8687a08",
            "a_b_d44362d6",
            "_1st_e01ddf65",
            "__33e6d73f",
            "__e3b0c442",
            "__6146299c")
        .doesNotHaveDuplicates();
  }

  @Test
  void reservedPrefixesAreAvoided() {
    for (String name :
        ColumnNames.of(List.of("_cdc_op", "_CDC_x", "_PARTITIONTIME", "__ROOT__x"))) {
      assertThat(name).startsWith("c_");
    }
  }

  @Test
  void theFirstOfTwoThatDifferByCaseStays() {
    List<String> names = ColumnNames.of(List.of("Name", "name", "NAME"));
    assertThat(names.get(0)).isEqualTo("Name");
    assertThat(distinct(names)).hasSize(3);
  }

  @Test
  void eachOfTwoThatDifferByCaseKeepsItsField() {
    List<String> both = ColumnNames.of(List.of("name", "Name"));
    Map<String, String> owners = Map.of("name", "name", both.get(1).toLowerCase(), "Name");
    assertThat(ColumnNames.of(List.of("Name"), owners)).containsExactly(both.get(1));
    assertThat(ColumnNames.of(List.of("Name", "name"), owners))
        .containsExactly(both.get(1), "name");
  }

  @Test
  void aFieldStaysWithItsColumnWhenAnEarlierOneTurnsUp() {
    assertThat(ColumnNames.of(List.of("name", "Name"), Map.of("name", "Name")).get(1))
        .isEqualTo("Name");
    assertThat(ColumnNames.of(List.of("name"), Map.of("name", "Name"))).containsExactly("name");
  }

  @Test
  void aColumnNamedLikeAnothersReplacementKeepsItsName() {
    String replacement = ColumnNames.of(List.of("a b")).get(0);
    List<String> names = ColumnNames.of(List.of("a b", replacement));
    assertThat(names.get(1)).isEqualTo(replacement);
    assertThat(distinct(names)).hasSize(2);
  }

  @Test
  void longNamesAreCut() {
    String name = ColumnNames.of(List.of("x".repeat(400))).get(0);
    assertThat(name).hasSizeLessThanOrEqualTo(300).startsWith("xxx");
  }

  @Test
  void addingAColumnRenamesNoOther() {
    List<String> columns = new ArrayList<>(List.of("a", "B", "b", "c d", "_cdc_x"));
    List<String> before = ColumnNames.of(columns);
    columns.add("A");
    columns.add("c_d");
    assertThat(ColumnNames.of(columns).subList(0, 5)).isEqualTo(before);
  }

  @Test
  void rawTablesOfAllSchemasDiffer() {
    assertThat(RawNames.raw("public", "query_logs")).isEqualTo("raw_query_logs");
    assertThat(RawNames.raw("shop", "orders")).isEqualTo("raw_shop__orders");
    String[][] tables = {
      {"public", "a_b"},
      {"a", "b"},
      {"public", "a__b"},
      {"a_", "b"},
      {"a", "_b"},
      {"public", "a b"},
      {"public", "a.b"},
      {"a.b", "c"},
      {"a", "b.c"},
      {"public", "ä"},
      {"public", "ö"}
    };
    Set<String> names = new HashSet<>();
    for (String[] table : tables) {
      String name = RawNames.raw(table[0], table[1]);
      assertThat(name).matches("raw_[A-Za-z0-9_]+");
      assertThat(names.add(name)).as(name).isTrue();
    }
  }

  private static Set<String> distinct(List<String> names) {
    Set<String> distinct = new HashSet<>();
    names.forEach(name -> distinct.add(name.toLowerCase(Locale.ROOT)));
    return distinct;
  }
}
