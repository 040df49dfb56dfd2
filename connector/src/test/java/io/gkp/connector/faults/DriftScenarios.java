package io.gkp.connector.faults;

import io.gkp.connector.mapping.schema.ColumnNames;
import java.util.ArrayList;
import java.util.List;

/**
 * What may happen to a table {@code (id int PRIMARY KEY, name text, amount int)} that holds {@code
 * (1, 'one', 1)}.
 */
final class DriftScenarios {
  private DriftScenarios() {}

  /**
   * @param table the table's name, which says what happens to it
   * @param columns fields to look at
   * @param rows the changelog without what runs read anew, as {@code op value ...}, "-" for NULL
   * @param atOnce what a run says that finds all of it done
   * @param oneByOne what runs say that see each statement by itself
   */
  record Scenario(
      String table,
      List<String> statements,
      List<String> columns,
      List<String> rows,
      List<String> atOnce,
      List<String> oneByOne,
      boolean fitsOneTransaction) {

    private Scenario seenOneByOne(String... sentences) {
      return new Scenario(
          table, statements, columns, rows, atOnce, List.of(sentences), fitsOneTransaction);
    }

    private Scenario inTransactionsOfTheirOwn() {
      return new Scenario(table, statements, columns, rows, atOnce, oneByOne, false);
    }
  }

  private static final class Builder {
    private final String table;
    private final List<String> statements = new ArrayList<>();
    private List<String> columns;
    private List<String> rows;

    Builder(String table) {
      this.table = table;
    }

    Builder run(String sql) {
      statements.add(sql.replace("@", table));
      return this;
    }

    Builder insert(String values) {
      return run("INSERT INTO @ VALUES (" + values + ")");
    }

    Builder alter(String what) {
      return run("ALTER TABLE @ " + what);
    }

    Builder show(String... fields) {
      columns = List.of(fields);
      return this;
    }

    Builder rows(String... expected) {
      rows = List.of(expected);
      return this;
    }

    Scenario says(String... sentences) {
      List<String> said = List.of(sentences);
      return new Scenario(table, statements, columns, rows, said, said, true);
    }
  }

  static List<Scenario> all() {
    List<Scenario> all = new ArrayList<>();
    all.add(
        new Builder("column_added")
            .insert("2, 'two', 2")
            .alter("ADD COLUMN note text")
            .insert("3, 'three', 3, 'here'")
            .show("id", "note")
            .rows("r 1 -", "c 2 -", "c 3 here")
            .says("new column note STRING"));
    all.add(
        new Builder("column_added_with_default")
            .insert("2, 'two', 2")
            .alter("ADD COLUMN note text DEFAULT 'none'")
            .insert("3, 'three', 3")
            .show("id", "note")
            .rows("r 1 -", "c 2 -", "c 3 none")
            .says(
                "new column note STRING",
                "older rows have the default of column note at the source and NULL here, until the"
                    + " table is read anew, which runs do by themselves"));
    all.add(
        new Builder("column_dropped")
            .insert("2, 'two', 2")
            .alter("DROP COLUMN amount")
            .insert("3, 'three'")
            .show("id", "name", "amount")
            .rows("r 1 one 1", "c 2 two 2", "c 3 three -")
            .says("column amount was dropped; it stays here, NULL from now on"));
    all.add(
        new Builder("column_renamed")
            .insert("2, 'two', 2")
            .alter("RENAME COLUMN amount TO total")
            .insert("3, 'three', 3")
            .show("id", "amount", "total")
            .rows("r 1 1 -", "c 2 2 -", "c 3 - 3")
            .says(
                "column amount was renamed to total; the older values stay where they are",
                "new column total INT64"));
    all.add(
        new Builder("old_name_given_to_another_type")
            .insert("2, 'two', 2")
            .alter("RENAME COLUMN amount TO total")
            .alter("ADD COLUMN amount text")
            .insert("3, 'three', 3, 'many'")
            .show("id", "amount", "total", "amount__string")
            .rows("r 1 1 - -", "c 2 2 - -", "c 3 - 3 many")
            .says(
                "column amount was renamed to total; the older values stay where they are",
                "new column total INT64",
                "new column amount__string STRING",
                "column amount changed its type incompatibly; its values now go to amount__string,"
                    + " amount keeps the older ones"));
    all.add(
        new Builder("column_replaced")
            .insert("2, 'two', 2")
            .alter("DROP COLUMN amount")
            .alter("ADD COLUMN amount date")
            .insert("3, 'three', '2024-02-29'")
            .show("id", "amount", "amount__date")
            .rows("r 1 1 -", "c 2 2 -", "c 3 - 2024-02-29")
            .says(
                "column amount was dropped and added anew as date",
                "new column amount__date DATE",
                "column amount changed its type incompatibly; its values now go to amount__date,"
                    + " amount keeps the older ones")
            .seenOneByOne(
                "column amount was dropped; it stays here, NULL from now on",
                "new column amount__date DATE",
                "column amount changed its type incompatibly; its values now go to amount__date,"
                    + " amount keeps the older ones"));
    all.add(
        new Builder("column_replaced_by_its_like")
            .alter("DROP COLUMN amount")
            .alter("ADD COLUMN amount int")
            .insert("3, 'three', 3")
            .show("id", "amount")
            .rows("r 1 1", "c 3 3")
            .says("column amount was dropped and added anew as integer")
            .seenOneByOne(
                "column amount was dropped; it stays here, NULL from now on",
                "column amount is there again as integer"));
    all.add(
        new Builder("type_widened")
            .insert("2, 'two', 2")
            .alter("ALTER COLUMN amount TYPE numeric(20,4)")
            .insert("3, 'three', 3.25")
            .show("id", "amount")
            .rows("r 1 1", "c 2 2", "c 3 3.25")
            .says(
                "column amount changed its type from integer to numeric(20,4)",
                "column amount widened from INT64 to NUMERIC"));
    all.add(
        new Builder("type_of_the_same_field")
            .insert("2, 'two', 2")
            .alter("ALTER COLUMN amount TYPE bigint")
            .insert("3, 'three', 9223372036854775807")
            .show("id", "amount")
            .rows("r 1 1", "c 2 2", "c 3 9223372036854775807")
            .says("column amount changed its type from integer to bigint"));
    all.add(
        new Builder("type_changed")
            .insert("2, 'two', 2")
            .alter("ALTER COLUMN amount TYPE text")
            .insert("3, 'three', 'many'")
            .show("id", "amount", "amount__string")
            .rows("r 1 1 -", "c 2 2 -", "c 3 - many")
            .says(
                "column amount changed its type from integer to text",
                "new column amount__string STRING",
                "column amount changed its type incompatibly; its values now go to amount__string,"
                    + " amount keeps the older ones"));
    all.add(
        new Builder("type_changed_there_and_back")
            .alter("ALTER COLUMN amount TYPE text")
            .insert("2, 'two', 'many'")
            .alter("ALTER COLUMN amount TYPE int USING 5")
            .insert("3, 'three', 3")
            .show("id", "amount", "amount__string")
            .rows("r 1 1 -", "c 2 - many", "c 3 3 -")
            .says(
                "new column amount__string STRING",
                "column amount changed its type incompatibly; its values now go to amount__string,"
                    + " amount keeps the older ones")
            .seenOneByOne(
                "column amount changed its type from integer to text",
                "new column amount__string STRING",
                "column amount changed its type incompatibly; its values now go to amount__string,"
                    + " amount keeps the older ones",
                "column amount changed its type from text to integer"));
    all.add(
        new Builder("not_null_added")
            .alter("ALTER COLUMN name SET NOT NULL")
            .insert("2, 'two', 2")
            .run("DELETE FROM @ WHERE id = 2")
            .show("id", "name")
            .rows("r 1 one", "c 2 two", "d 2 -")
            .says("column name is NOT NULL now"));
    all.add(
        new Builder("not_null_added_and_dropped")
            .alter("ALTER COLUMN name SET NOT NULL")
            .insert("2, 'two', 2")
            .alter("ALTER COLUMN name DROP NOT NULL")
            .insert("3, NULL, 3")
            .show("id", "name")
            .rows("r 1 one", "c 2 two", "c 3 -")
            .says()
            .seenOneByOne("column name is NOT NULL now", "column name may be NULL now"));
    all.add(
        new Builder("default_added")
            .insert("2, 'two', NULL")
            .alter("ALTER COLUMN amount SET DEFAULT 9")
            .run("INSERT INTO @ (id) VALUES (3)")
            .insert("4, NULL, NULL")
            .show("id", "amount")
            .rows("r 1 1", "c 2 -", "c 3 9", "c 4 -")
            .says("column amount has a default now"));
    all.add(
        new Builder("key_extended")
            .run("UPDATE @ SET amount = 2")
            .alter("DROP CONSTRAINT @_pkey")
            .alter("ADD PRIMARY KEY (name, id)")
            .run("UPDATE @ SET amount = 3")
            .run("UPDATE @ SET name = 'uno'")
            .run("DELETE FROM @")
            .show("id", "name", "amount")
            .rows("r 1 one 1", "u 1 one 2", "u 1 one 3", "d 1 one -", "c 1 uno 3", "d 1 uno -")
            .says("column name is NOT NULL now", "the key changed from (id) to (name, id)")
            .seenOneByOne(
                "column name is NOT NULL now",
                "the key (id) was dropped",
                "the key is (name, id) now"));
    all.add(
        new Builder("key_dropped")
            .run("UPDATE @ SET amount = 2")
            .alter("DROP CONSTRAINT @_pkey")
            .alter("REPLICA IDENTITY FULL")
            .run("UPDATE @ SET id = 3")
            .run("DELETE FROM @")
            .show("id", "name", "amount")
            .rows("r 1 one 1", "u 1 one 2", "u 3 one 2", "d 3 one 2")
            .says("the key (id) was dropped"));
    all.add(
        new Builder("key_renamed")
            .insert("2, 'two', 2")
            .run("DELETE FROM @ WHERE id = 1")
            .alter("RENAME COLUMN id TO item_id")
            .run("DELETE FROM @")
            .show("id", "item_id", "name")
            .rows("r 1 - one", "c 2 - two", "d 1 - -", "d - 2 -")
            .says(
                "column id was renamed to item_id; the older values stay where they are",
                "new column item_id INT64",
                "the key changed from (id) to (item_id)"));
    all.add(
        new Builder("key_retyped")
            .insert("2, 'two', 2")
            .run("DELETE FROM @ WHERE id = 1")
            .alter("ALTER COLUMN id TYPE text")
            .run("DELETE FROM @")
            .show("id", "id__string", "name")
            .rows("r 1 - one", "c 2 - two", "d 1 - -", "d - 2 -")
            .says(
                "column id changed its type from integer to text",
                "new column id__string STRING",
                "column id changed its type incompatibly; its values now go to id__string, id keeps"
                    + " the older ones",
                "the key changed from (id) to (id__string)"));
    all.add(
        new Builder("enum_altered")
            .run("CREATE TYPE mood AS ENUM ('sad')")
            .alter("ADD COLUMN mood mood")
            .insert("2, 'two', 2, 'sad'")
            .run("ALTER TYPE mood ADD VALUE 'glad' BEFORE 'sad'")
            .insert("3, 'three', 3, 'glad'")
            .run("ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'")
            .insert("4, 'four', 4, 'blue'")
            .show("id", "mood")
            .rows("r 1 -", "c 2 sad", "c 3 glad", "c 4 blue")
            .says("new column mood STRING")
            .inTransactionsOfTheirOwn());
    all.add(
        new Builder("truncated_between_shapes")
            .insert("2, 'two', 2")
            .run("TRUNCATE @")
            .alter("ADD COLUMN tags text[]")
            .insert("3, 'three', 3, '{a,b}'")
            .run("TRUNCATE @")
            .alter("DROP COLUMN name")
            .insert("4, 4, NULL")
            .show("id", "name", "tags")
            .rows("r 1 one -", "c 2 two -", "t - - -", "c 3 three [a, b]", "t - - -", "c 4 - -")
            .says(
                "new column tags STRING",
                "column name was dropped; it stays here, NULL from now on"));
    all.add(
        new Builder("table_of_odd_columns")
            .alter("ADD COLUMN \"select\" int, ADD COLUMN \"a b\" int, ADD COLUMN \"1st\" int")
            .insert("2, 'two', 2, 3, 4, 5")
            .alter("RENAME COLUMN \"a b\" TO \"B, \"\"c\"\": d\"")
            .alter("ALTER COLUMN \"1st\" TYPE bigint")
            .insert("3, 'three', 3, 4, 5, 6")
            .show("id", "select")
            .rows("r 1 -", "c 2 3", "c 3 4")
            .says(
                "new column select INT64",
                "new column " + odd("B, \"c\": d") + " INT64",
                "new column " + odd("1st") + " INT64",
                "new column " + odd("a b") + " INT64")
            .seenOneByOne(
                "new column select INT64",
                "new column " + odd("a b") + " INT64",
                "new column " + odd("1st") + " INT64",
                "column a b was renamed to B, \"c\": d; the older values stay where they are",
                "new column " + odd("B, \"c\": d") + " INT64",
                "column 1st changed its type from integer to bigint"));
    return all;
  }

  private static String odd(String column) {
    return ColumnNames.of(List.of(column)).get(0);
  }
}
