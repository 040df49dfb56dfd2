package io.gkp.demo;

import io.gkp.connector.cli.CommandProvider;
import io.gkp.localbigquery.LocalBigQueryCommand;

/** Adds {@code local-bigquery} to the command line; found by {@link java.util.ServiceLoader}. */
public final class LocalBigQueryCommandProvider implements CommandProvider {
  @Override
  public Object command() {
    return new LocalBigQueryCommand();
  }
}
