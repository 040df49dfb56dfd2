package io.gkp.connector.cli;

import picocli.CommandLine.Command;

/** {@code offsets}: where the export stands, and how to move it. */
@Command(
    name = "offsets",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Shows where the export stands; takes new snapshots; reads single rows again.")
final class OffsetsCommand {}
