package io.gkp.bench;

/** The tables, and the statements that fill them. */
final class Schema {
  /** The function makes text of which gzip makes about half, as it does of what is not prose. */
  static final String SQL =
      """
      CREATE FUNCTION prose(seed bigint, words int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT string_agg(substr(md5((seed * 7919 + g)::text), 1, 3 + g % 7), ' ')
        FROM generate_series(1, words) g
      $$;
      CREATE TABLE narrow (id bigint PRIMARY KEY, account int, amount numeric(12, 2),
        at timestamptz, note text);
      CREATE TABLE query_logs (query_id text PRIMARY KEY, tenant_id text, principal text,
        created_at bigint, question text, answer text, refused int, retrieval_k int,
        latency_ms int, provider text, model text, citations_json text, status text);
      CREATE TABLE orders (id bigint PRIMARY KEY, customer int, at timestamptz, lines int);
      CREATE TABLE order_lines (order_id bigint, line int, item int, quantity int,
        amount numeric(8, 2), info text, PRIMARY KEY (order_id, line));
      CREATE TABLE stock (item int PRIMARY KEY, quantity int, ordered int, remote int);
      CREATE TABLE payments (id bigint PRIMARY KEY, customer int, amount numeric(8, 2),
        at timestamptz);
      INSERT INTO stock SELECT g, 100, 0, 0 FROM generate_series(0, 9999) g;
      CREATE SEQUENCE ids CACHE 1000;
      """;

  /** As TPC-C's customers order, without looking anything up. */
  static final String ORDER =
      """
      INSERT INTO orders VALUES (nextval('ids'), i % 3000, now(), 5);
      INSERT INTO order_lines
        SELECT currval('ids'), g, i * g % 10000, g, 9.99, 'dist info ' || i
        FROM generate_series(1, 5) g;
      UPDATE stock SET quantity = quantity - 1, ordered = ordered + 1
        WHERE item BETWEEN i % 1900 * 5 AND i % 1900 * 5 + 4;
      INSERT INTO payments VALUES (nextval('ids'), i % 3000, 49.95, now())""";

  private Schema() {}

  static String narrow(long rows) {
    return "INSERT INTO narrow SELECT nextval('ids'), g % 5000, g % 100000 / 100.0, now(),"
        + " 'note ' || g FROM generate_series(1, "
        + rows
        + ") g";
  }

  /**
   * @param words of each answer
   */
  static String queryLogs(int words, long rows) {
    return "INSERT INTO query_logs SELECT 'q' || nextval('ids'), 't' || g % 10, 'user' || g % 100,"
        + " 1700000000 + g, 'What is the meaning of \"question\" number ' || g || '?', prose(g, "
        + words
        + "), g % 2, 5, g % 2000, 'openai', 'gpt-4', '[{\"doc\":' || g || '}]', 'ok'"
        + " FROM generate_series(1, "
        + rows
        + ") g";
  }
}
