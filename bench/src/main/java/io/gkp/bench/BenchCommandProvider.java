package io.gkp.bench;

import io.gkp.connector.cli.CommandProvider;

/** Adds {@code bench} to {@code gkp_cli}. */
public final class BenchCommandProvider implements CommandProvider {
  @Override
  public Object command() {
    return new BenchCommand();
  }
}
