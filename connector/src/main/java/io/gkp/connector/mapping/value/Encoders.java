package io.gkp.connector.mapping.value;

/** One encoder for each way in which BigQuery takes a value. */
public final class Encoders {
  public static final ValueEncoder TEXT = new TextEncoder();
  public static final ValueEncoder BOOL = new BooleanEncoder();
  public static final ValueEncoder INT64 = new IntegerEncoder();
  public static final ValueEncoder FLOAT64 = new FloatEncoder();
  public static final ValueEncoder NUMERIC = DecimalEncoder.NUMERIC;
  public static final ValueEncoder BIGNUMERIC = DecimalEncoder.BIGNUMERIC;

  /** DATE and DATETIME. */
  public static final ValueEncoder DATE = new DateEncoder();

  public static final ValueEncoder TIMESTAMP = new TimestampEncoder();
  public static final ValueEncoder TIME = new TimeEncoder();
  public static final ValueEncoder BYTES = new BytesEncoder();
  public static final ValueEncoder JSON = new JsonEncoder();

  /** An {@code hstore} as a JSON object. */
  public static final ValueEncoder HSTORE = new HstoreEncoder();

  private Encoders() {}
}
