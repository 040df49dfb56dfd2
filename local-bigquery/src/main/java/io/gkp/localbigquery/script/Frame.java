package io.gkp.localbigquery.script;

import io.gkp.localbigquery.sql.value.Environment;
import java.util.List;
import java.util.Optional;

/**
 * A text that runs: the script itself, a procedure, or what EXECUTE IMMEDIATE was given.
 *
 * @param name of the procedure; empty for others
 * @param arguments that EXECUTE IMMEDIATE passes; empty for others
 */
record Frame(
    ScriptText source,
    String name,
    Variables variables,
    Optional<List<Environment.Argument>> arguments,
    int depth) {
  static final int DEEPEST = 50;

  static Frame script(ScriptText source, Variables variables) {
    return new Frame(source, "", variables, Optional.empty(), 0);
  }

  Frame procedure(ScriptText body, String procedure) {
    return new Frame(body, procedure, new Variables(), Optional.empty(), depth + 1);
  }

  /** Dynamic SQL sees no variables. */
  Frame dynamic(ScriptText text, List<Environment.Argument> passed) {
    return new Frame(text, name, new Variables(), Optional.of(passed), depth + 1);
  }
}
