package io.gkp.connector.export;

import io.gkp.connector.changelog.ChangelogDestination;
import io.gkp.connector.config.ExportConfig;
import io.gkp.connector.source.SnapshotReader;
import io.gkp.offsets.Ledger;
import java.time.Clock;

/** What the passes of one run have in common. */
record RunParts(
    String runId,
    ExportConfig config,
    ChangelogDestination destination,
    Ledger ledger,
    SnapshotReader reader,
    RunStatistics statistics,
    Progress progress,
    Stop stop,
    Clock clock) {}
