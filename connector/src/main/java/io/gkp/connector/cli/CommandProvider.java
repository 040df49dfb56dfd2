package io.gkp.connector.cli;

/**
 * Adds a command that is not part of the production class path; found by {@link
 * java.util.ServiceLoader}.
 */
public interface CommandProvider {
  /** An object annotated with picocli's {@code @Command}, with a name of its own. */
  Object command();
}
