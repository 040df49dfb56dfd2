package io.gkp.connector.mapping.row;

/** What happened to a row, as {@code _cdc_op} says it. */
public enum ChangeOp {
  READ("r"),
  CREATE("c"),
  UPDATE("u"),
  DELETE("d"),
  TRUNCATE("t");

  private final String code;

  ChangeOp(String code) {
    this.code = code;
  }

  public String code() {
    return code;
  }

  /** From Debezium's {@code op}, which uses the same letters. */
  public static ChangeOp of(String code) {
    for (ChangeOp op : values()) {
      if (op.code.equals(code)) {
        return op;
      }
    }
    throw new IllegalArgumentException("no such operation: " + code);
  }
}
