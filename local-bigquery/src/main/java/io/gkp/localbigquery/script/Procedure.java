package io.gkp.localbigquery.script;

import com.google.zetasql.ZetaSQLType.TypeProto;
import java.util.List;
import java.util.Optional;

/**
 * A stored procedure.
 *
 * @param name in full, for messages
 * @param body its block, BEGIN and END included
 */
public record Procedure(String name, List<Parameter> parameters, String body) {
  /**
   * What it is called with.
   *
   * @param type empty for ANY TYPE
   * @param in whether a value goes in
   * @param out whether a value comes out
   */
  public record Parameter(String name, Optional<TypeProto> type, boolean in, boolean out) {}
}
