package io.gkp.connector.cli.options;

/** What goes to standard output. Logs and progress always go to standard error. */
public enum OutputFormat {
  text,
  json
}
