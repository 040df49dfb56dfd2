package io.gkp.localbigquery.sql.text;

/** What BigQuery can read and ZetaSQL cannot. */
public final class Spellings {
  private Spellings() {}

  /** The text as ZetaSQL can read it; its meaning stays. */
  public static String forZetaSql(String sql) {
    return Synonyms.replace(QuotedPaths.unquote(sql));
  }
}
