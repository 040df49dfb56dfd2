package io.gkp.connector.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = GkpCli.class.getPackage().getImplementationVersion();
    return new String[] {"gkp_cli " + (version == null ? "development" : version)};
  }
}
