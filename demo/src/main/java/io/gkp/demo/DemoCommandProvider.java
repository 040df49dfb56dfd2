package io.gkp.demo;

import io.gkp.connector.cli.CommandProvider;

/** Adds {@code demo} to {@code gkp_cli}. */
public final class DemoCommandProvider implements CommandProvider {
  @Override
  public Object command() {
    return new DemoCommand();
  }
}
