package io.gkp.demo.terminal;

/** Whether somebody watches. */
public final class Terminal {
  private Terminal() {}

  /** From Java 22 on there is a console without a terminal too, and a method to ask it. */
  public static boolean isThere() {
    if (System.console() == null) {
      return false;
    }
    try {
      return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(System.console());
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}
