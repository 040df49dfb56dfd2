package io.gkp.connector.cli.text;

/** Numbers of things, as people write them: {@code 1 row}, {@code 2,640 rows}. */
public final class Counts {
  private Counts() {}

  /**
   * @param thing singular; its plural ends in s
   */
  public static String of(long number, String thing) {
    return "%,d %s%s".formatted(number, thing, number == 1 ? "" : "s");
  }
}
