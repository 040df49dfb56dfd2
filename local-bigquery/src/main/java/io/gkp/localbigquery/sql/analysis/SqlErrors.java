package io.gkp.localbigquery.sql.analysis;

import com.google.zetasql.io.grpc.Status;
import com.google.zetasql.io.grpc.StatusRuntimeException;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.storage.DatabaseException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Errors as the real service words them. */
public final class SqlErrors {
  private static final int NUMERIC_SCALE = 9;

  private static final Pattern POSITION = Pattern.compile(" ?\\[at (\\d+:\\d+)]");
  private static final Pattern UNIMPLEMENTED =
      Pattern.compile(
          "(?i)unimplemented|not (yet )?(supported|implemented)|unsupported|does not support");

  /** Functions and columns of BigQuery's own that ZetaSQL does not know, or cannot evaluate. */
  private static final Pattern LACKING =
      Pattern.compile(
          "(?:Unsupported built-in function: |(?i:No matching signature for (?:aggregate )?function"
              + " (?:templated_sql_function:)?bqlib_))([\\w.]+[\\w])"
              + "|(?i:Function not found: |Table-valued function not found: |Unrecognized name: |but got: )"
              + "(_FILE_NAME|DIFFERENTIAL_PRIVACY|@@\\S+|SEARCH|ML\\.\\w+"
              + "|AI\\.\\w+|VECTOR_SEARCH|CONTAINS_SUBSTR|EXTERNAL_QUERY|APPENDS|CHANGES"
              + "|RANGE_SESSIONIZE|GAP_FILL|BAG_OF_WORDS|TEXT_ANALYZE|OBJ\\.\\w+|ST_\\w+|NET\\.\\w+|HLL_COUNT\\.\\w+|KLL_QUANTILES\\.\\w+|KEYS\\.\\w+|AEAD\\.\\w+|TF_IDF"
              + "|APPROX_\\w+)\\b");

  /** The name of a table in the catalogs for expanded statements. */
  private static final Pattern INTERNAL_NAME =
      Pattern.compile("(?<![\\w:.-])_(?=[a-z][\\w.:-]*:\\w+\\.)([\\w.:-]+)#?");

  /** What names of functions of users and of our library have before the name that was called. */
  private static final Pattern OWN_NAME =
      Pattern.compile("(?i)\\b(?:templated_sql_function:(?:bqlib_)?|javascript#\\d+:)");

  private static final String MANY_ROWS = "More than one row returned by a subquery";

  /** DuckDB's, with decimals as their digits. */
  private static final Pattern OVERFLOW =
      Pattern.compile("Overflow in \\w+ of (INT64|DECIMAL)\\S* \\((-?\\d+) (\\S) (-?\\d+)\\).*");

  /** What the reference engine's service says around each error of an evaluation. */
  private static final Pattern EVALUATION =
      Pattern.compile(
          "One or more tables being queried do\\(es\\) not have its/their content set\\."
              + " \\[(.*)]");

  private SqlErrors() {}

  public static ApiException translate(StatusRuntimeException e) {
    Status status = e.getStatus();
    String text = status.getDescription() == null ? status.toString() : status.getDescription();
    String message =
        INTERNAL_NAME
            .matcher(POSITION.matcher(text).replaceAll(" at [$1]"))
            .replaceAll(name -> Matcher.quoteReplacement(name.group(1)));
    Matcher lacking = LACKING.matcher(message);
    if (lacking.find()) {
      String name = lacking.group(1) != null ? lacking.group(1) : lacking.group(2);
      return ApiException.notImplemented(name.toUpperCase(Locale.ROOT));
    }
    message = OWN_NAME.matcher(message).replaceAll("");
    Matcher evaluation = EVALUATION.matcher(message);
    message = evaluation.matches() ? evaluation.group(1) : message;
    if (message.contains("is not supported yet")) {
      return ApiException.notImplemented("this: " + message);
    }
    switch (status.getCode()) {
      case INVALID_ARGUMENT:
      case NOT_FOUND:
      case OUT_OF_RANGE:
      case FAILED_PRECONDITION:
      case ALREADY_EXISTS:
        return ApiException.invalidQuery(message);
      case UNIMPLEMENTED:
        return ApiException.notImplemented("this statement: " + message);
      case RESOURCE_EXHAUSTED:
        return new ApiException(
            400, "resourcesExceeded", "Resources exceeded during query execution: " + message);
      default:
        return UNIMPLEMENTED.matcher(message).find()
            ? ApiException.notImplemented("this statement: " + message)
            : new ApiException(500, "internalError", message);
    }
  }

  /** What DuckDB said while it evaluated a query. */
  public static ApiException translate(DatabaseException e) {
    Optional<ApiException> passed = PassedErrors.read(e.getMessage());
    if (passed.isPresent()) {
      return passed.get();
    }
    Matcher overflow = OVERFLOW.matcher(e.getMessage());
    if (overflow.matches()) {
      return ApiException.invalidQuery(overflow(overflow));
    }
    if (e.getMessage().startsWith(MANY_ROWS)) {
      return ApiException.invalidQuery("Scalar subquery produced more than one element");
    }
    return switch (e.kind()) {
      case INVALID_INPUT, OUT_OF_RANGE, CONVERSION -> ApiException.invalidQuery(e.getMessage());
      case OUT_OF_MEMORY ->
          new ApiException(
              400,
              "resourcesExceeded",
              "Resources exceeded during query execution: "
                  + e.getMessage().lines().findFirst().orElse("")
                  + ". Start the local BigQuery with a larger GKP_LOCAL_BIGQUERY_MEMORY");
      case TRANSACTION ->
          ApiException.invalidQuery(
              "Transaction is aborted due to concurrent update: " + e.getMessage());
      default -> new ApiException(500, "internalError", e.getMessage());
    };
  }

  private static String overflow(MatchResult found) {
    boolean integers = found.group(1).equals("INT64");
    UnaryOperator<String> operand =
        digits ->
            integers
                ? digits
                : new BigDecimal(new BigInteger(digits), NUMERIC_SCALE)
                    .stripTrailingZeros()
                    .toPlainString();
    return (integers ? "int64" : "numeric")
        + " overflow: "
        + operand.apply(found.group(2))
        + " "
        + found.group(3)
        + " "
        + operand.apply(found.group(4));
  }
}
