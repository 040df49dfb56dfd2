package io.gkp.failure;

/**
 * Every way a run can fail: a stable code for alerts and runbooks, whose side it is on, whether the
 * same command may succeed later without anybody doing anything, and the process exit code.
 *
 * <p>Codes are never reused or renumbered. A failure that fits none of these is {@link #INTERNAL}:
 * unknown means stop.
 */
public enum Failure {
  USAGE("GKP-001", Side.OPERATOR, false, ExitCode.USAGE),
  DISABLED("GKP-002", Side.OPERATOR, false, ExitCode.CONFIGURATION),
  CONFIGURATION("GKP-003", Side.OPERATOR, false, ExitCode.CONFIGURATION),
  CONFIRMATION("GKP-004", Side.OPERATOR, false, ExitCode.USAGE),
  BACKFILL_REJECTED("GKP-005", Side.OPERATOR, false, ExitCode.USAGE),
  SKIP_REFUSED("GKP-006", Side.OPERATOR, false, ExitCode.USAGE),
  CANCEL_REFUSED("GKP-007", Side.OPERATOR, false, ExitCode.USAGE),

  SOURCE_UNREACHABLE("GKP-101", Side.SOURCE, true, ExitCode.UNAVAILABLE),
  SOURCE_AUTHENTICATION("GKP-102", Side.SOURCE, false, ExitCode.PERMISSION),
  SOURCE_PERMISSION("GKP-103", Side.SOURCE, false, ExitCode.PERMISSION),
  SOURCE_SETTINGS("GKP-104", Side.SOURCE, false, ExitCode.CONFIGURATION),
  PUBLICATION_INCOMPLETE("GKP-105", Side.SOURCE, false, ExitCode.CONFIGURATION),
  TABLE_MISSING("GKP-106", Side.SOURCE, false, ExitCode.CONFIGURATION),
  SOURCE_LOST("GKP-107", Side.SOURCE, true, ExitCode.UNAVAILABLE),
  SOURCE_TLS("GKP-108", Side.SOURCE, false, ExitCode.CONFIGURATION),
  SOURCE_POOLED("GKP-109", Side.OPERATOR, false, ExitCode.CONFIGURATION),
  SOURCE_LOCKED("GKP-110", Side.SOURCE, true, ExitCode.UNAVAILABLE),
  SOURCE_ENCODING("GKP-111", Side.SOURCE, false, ExitCode.CONFIGURATION),
  OUT_OF_MEMORY("GKP-112", Side.OPERATOR, false, ExitCode.INTERNAL),
  REPLICA_IDENTITY("GKP-113", Side.SOURCE, false, ExitCode.CONFIGURATION),
  SOURCE_LOGIN_METHOD("GKP-114", Side.SOURCE, false, ExitCode.CONFIGURATION),
  PUBLICATION_TOO_NEW("GKP-115", Side.SOURCE, false, ExitCode.CONFIGURATION),
  REFUSED_BY_TRIGGER("GKP-116", Side.SOURCE, false, ExitCode.CONFIGURATION),
  INHERITED_ROWS("GKP-117", Side.SOURCE, false, ExitCode.CONFIGURATION),
  HYPERTABLE("GKP-118", Side.SOURCE, false, ExitCode.CONFIGURATION),
  BACKFILL_ROLE("GKP-119", Side.SOURCE, false, ExitCode.CONFIGURATION),
  PLANNED_FUNCTIONS("GKP-126", Side.SOURCE, false, ExitCode.PERMISSION),
  SHARDS_DIFFER("GKP-127", Side.OPERATOR, false, ExitCode.CONFIGURATION),
  SHARD_EMPTY("GKP-128", Side.OPERATOR, false, ExitCode.CONFIGURATION),
  NEW_COLUMNS("GKP-130", Side.OPERATOR, false, ExitCode.CONFIGURATION),
  STREAM_UNKNOWN("GKP-150", Side.US, false, ExitCode.INTERNAL),

  SLOT_BUSY("GKP-201", Side.SOURCE, true, ExitCode.BUSY),
  SLOT_MISSING("GKP-202", Side.SOURCE, false, ExitCode.CONFIGURATION),
  SLOT_INVALIDATED("GKP-203", Side.SOURCE, false, ExitCode.CONFIGURATION),
  SLOT_AHEAD("GKP-204", Side.SOURCE, false, ExitCode.CONFIGURATION),
  SLOT_WITHOUT_LEDGER("GKP-205", Side.SOURCE, false, ExitCode.CONFIGURATION),
  LINEAGE_TAKEN_OVER("GKP-206", Side.DESTINATION, true, ExitCode.BUSY),
  LEDGER_AHEAD("GKP-207", Side.SOURCE, false, ExitCode.CONFIGURATION),
  LEDGER_INCOMPLETE("GKP-208", Side.DESTINATION, false, ExitCode.CONFIGURATION),
  OTHER_SOURCE("GKP-209", Side.OPERATOR, false, ExitCode.CONFIGURATION),

  DESTINATION_UNREACHABLE("GKP-301", Side.DESTINATION, true, ExitCode.UNAVAILABLE),
  DESTINATION_AUTHENTICATION("GKP-302", Side.DESTINATION, false, ExitCode.PERMISSION),
  DESTINATION_PERMISSION("GKP-303", Side.DESTINATION, false, ExitCode.PERMISSION),
  DATASET_MISSING("GKP-304", Side.DESTINATION, false, ExitCode.CONFIGURATION),
  DATASET_LOCATION("GKP-305", Side.DESTINATION, false, ExitCode.CONFIGURATION),
  DESTINATION_QUOTA("GKP-306", Side.DESTINATION, true, ExitCode.UNAVAILABLE),
  LOAD_REJECTED("GKP-307", Side.DESTINATION, false, ExitCode.INTERNAL),
  TABLES_EXPIRE("GKP-308", Side.DESTINATION, false, ExitCode.CONFIGURATION),
  DATASET_UNFIT("GKP-309", Side.DESTINATION, false, ExitCode.CONFIGURATION),
  CONTROL_ROW("GKP-310", Side.DESTINATION, false, ExitCode.CONFIGURATION),

  /** A check of severity {@code fail} found rows. */
  MODELS_WRONG_DATA("GKP-401", Side.DESTINATION, false, ExitCode.DIFFERENT),
  MODELS_UNAVAILABLE("GKP-402", Side.DESTINATION, true, ExitCode.UNAVAILABLE),
  MODELS_PERMISSION("GKP-403", Side.DESTINATION, false, ExitCode.PERMISSION),
  MODELS_CONFIGURATION("GKP-404", Side.OPERATOR, false, ExitCode.CONFIGURATION),
  MODELS_LIMIT("GKP-405", Side.DESTINATION, false, ExitCode.CONFIGURATION),
  MODELS_FAILED("GKP-406", Side.US, false, ExitCode.INTERNAL),

  DATA_DIFFER("GKP-501", Side.DESTINATION, false, ExitCode.DIFFERENT),
  NOT_COMPARABLE("GKP-502", Side.DESTINATION, false, ExitCode.DIFFERENT),

  SERVE_DISABLED("GKP-601", Side.OPERATOR, false, ExitCode.CONFIGURATION),
  SERVE_UNPROTECTED("GKP-602", Side.OPERATOR, false, ExitCode.CONFIGURATION),
  UNAUTHENTICATED("GKP-603", Side.OPERATOR, false, ExitCode.PERMISSION),
  FORBIDDEN("GKP-604", Side.OPERATOR, false, ExitCode.PERMISSION),
  CROSS_SITE("GKP-605", Side.OPERATOR, false, ExitCode.PERMISSION),
  BAD_REQUEST("GKP-606", Side.OPERATOR, false, ExitCode.USAGE),
  RUN_NOT_STARTED("GKP-607", Side.OPERATOR, true, ExitCode.UNAVAILABLE),
  RUN_NOT_STOPPABLE("GKP-608", Side.OPERATOR, false, ExitCode.USAGE),
  PORT_TAKEN("GKP-609", Side.OPERATOR, false, ExitCode.UNAVAILABLE),

  INTERNAL("GKP-900", Side.US, false, ExitCode.INTERNAL);

  /** Who has to act. */
  public enum Side {
    SOURCE,
    DESTINATION,
    OPERATOR,
    US
  }

  private final String code;
  private final Side side;
  private final boolean transientFailure;
  private final int exitCode;

  Failure(String code, Side side, boolean transientFailure, int exitCode) {
    this.code = code;
    this.side = side;
    this.transientFailure = transientFailure;
    this.exitCode = exitCode;
  }

  /** Stable identifier, such as {@code GKP-101}. */
  public String code() {
    return code;
  }

  public Side side() {
    return side;
  }

  /** Whether the next scheduled run may succeed although nobody did anything. */
  public boolean isTransient() {
    return transientFailure;
  }

  /** Who should hear of it; the promise of its entry in the runbook. */
  public Alert alert() {
    return switch (this) {
      case USAGE,
          CONFIRMATION,
          BACKFILL_REJECTED,
          SKIP_REFUSED,
          CANCEL_REFUSED,
          BACKFILL_ROLE,
          SERVE_DISABLED,
          UNAUTHENTICATED,
          FORBIDDEN,
          CROSS_SITE,
          BAD_REQUEST,
          RUN_NOT_STOPPABLE ->
          Alert.NONE;
      case DISABLED,
          MODELS_WRONG_DATA,
          MODELS_PERMISSION,
          MODELS_CONFIGURATION,
          MODELS_LIMIT,
          MODELS_FAILED,
          NOT_COMPARABLE,
          SERVE_UNPROTECTED,
          PORT_TAKEN ->
          Alert.TICKET;
      default -> transientFailure ? Alert.ABSENCE : Alert.PAGE;
    };
  }

  /** The process exit code, one of {@link ExitCode}. */
  public int exitCode() {
    return exitCode;
  }
}
