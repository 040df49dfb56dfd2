package io.gkp.localbigquery.sql.analysis;

import com.google.zetasql.io.grpc.Status;
import com.google.zetasql.io.grpc.StatusRuntimeException;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.storage.DatabaseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Errors as the real service words them. */
public final class SqlErrors {
  private static final Pattern POSITION = Pattern.compile(" ?\\[at (\\d+:\\d+)]");
  private static final Pattern UNIMPLEMENTED =
      Pattern.compile(
          "(?i)unimplemented|not (yet )?(supported|implemented)|unsupported|does not support");

  /** Functions and columns of BigQuery's own that ZetaSQL does not know, or cannot evaluate. */
  private static final Pattern LACKING =
      Pattern.compile(
          "(?:Unsupported built-in function: |(?i:No matching signature for (?:aggregate )?function"
              + " (?:templated_sql_function:)?bqlib_))([\\w.]+[\\w])"
              + "|(?i:Function not found: |Table-valued function not found: |Unrecognized name: )"
              + "(_FILE_NAME|@@\\S+|SEARCH|ML\\.\\w+"
              + "|AI\\.\\w+|VECTOR_SEARCH|CONTAINS_SUBSTR|EXTERNAL_QUERY|APPENDS|CHANGES"
              + "|RANGE_SESSIONIZE|BAG_OF_WORDS|TEXT_ANALYZE|OBJ\\.\\w+|ST_\\w+|NET\\.\\w+|HLL_COUNT\\.\\w+"
              + "|APPROX_\\w+)\\b");

  private SqlErrors() {}

  public static ApiException translate(StatusRuntimeException e) {
    Status status = e.getStatus();
    String text = status.getDescription() == null ? status.toString() : status.getDescription();
    String message = POSITION.matcher(text).replaceAll(" at [$1]");
    Matcher lacking = LACKING.matcher(message);
    if (lacking.find()) {
      String name = lacking.group(1) != null ? lacking.group(1) : lacking.group(2);
      return ApiException.notImplemented(name.toUpperCase(Locale.ROOT));
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
        return message.contains("larger than max")
            ? tooLarge()
            : new ApiException(
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
    return switch (e.kind()) {
      case INVALID_INPUT, OUT_OF_RANGE, CONVERSION -> ApiException.invalidQuery(e.getMessage());
      case OUT_OF_MEMORY ->
          new ApiException(
              400,
              "resourcesExceeded",
              "Resources exceeded during query execution: " + e.getMessage());
      case TRANSACTION ->
          ApiException.invalidQuery(
              "Transaction is aborted due to concurrent update: " + e.getMessage());
      default -> new ApiException(500, "internalError", e.getMessage());
    };
  }

  static ApiException tooLarge() {
    return new ApiException(
        400,
        "resourcesExceeded",
        "Resources exceeded during query execution: the local BigQuery evaluates at most 4 MiB of"
            + " column data in one query. Name fewer columns, filter by the partition column, or"
            + " point BIGQUERY_EMULATOR_HOST at another emulator or leave it empty for the real"
            + " service.");
  }
}
