package io.gkp.serve;

import io.gkp.connector.cli.CommandProvider;

/** Adds {@code serve} to {@code gkp_cli}. */
public final class ServeCommandProvider implements CommandProvider {
  @Override
  public Object command() {
    return new ServeCommand();
  }
}
