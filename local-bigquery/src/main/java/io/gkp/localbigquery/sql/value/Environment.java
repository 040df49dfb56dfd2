package io.gkp.localbigquery.sql.value;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a statement sees beside tables and functions.
 *
 * @param variables by name in lower case
 * @param system system variables, by their paths in lower case, without {@code @@}
 * @param arguments what EXECUTE IMMEDIATE passes; empty where the parameters are those of the
 *     request
 */
public record Environment(
    Map<String, TypedValue> variables,
    Map<String, TypedValue> system,
    Optional<List<Argument>> arguments) {
  public static final Environment NONE = new Environment(Map.of(), Map.of(), Optional.empty());

  /**
   * A value for a parameter.
   *
   * @param name empty for one that goes by its position
   */
  public record Argument(Optional<String> name, TypedValue value) {}
}
