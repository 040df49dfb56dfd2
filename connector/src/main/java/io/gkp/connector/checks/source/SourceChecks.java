package io.gkp.connector.checks.source;

import java.util.List;

/** All checks of the source. */
public final class SourceChecks {
  /** What must hold before a run starts, in the order in which a failure is reported. */
  public static final List<SourceCheck> GUARDS =
      List.of(
          ServerChecks::version,
          ServerChecks::primary,
          ServerChecks::walLevel,
          RoleChecks::replication,
          TableChecks::exist,
          InheritanceChecks::captured,
          TableChecks::readable,
          ProtectionChecks::exist,
          PublicationChecks::operations);

  /** What must hold of a table before a run publishes it. */
  public static final SourceCheck BEFORE_PUBLISHING = IdentityChecks::all;

  /** What a run mends itself where its role may. */
  public static final SourceCheck MENDABLE = PublicationChecks::contents;

  /** What makes the destination differ from the source: a run says it, and goes on. */
  public static final List<SourceCheck> TOLD =
      List.of(
          InheritanceChecks::apart,
          PartitionChecks::foreign,
          PartitionChecks::identity,
          PublicationChecks::filters,
          PublicationChecks::columns,
          GeneratedChecks::sent,
          TableChecks::keys,
          TypeChecks::names,
          TableChecks::rowSecurity,
          ServerChecks::encryption);

  /** What only {@code doctor} asks. */
  public static final List<SourceCheck> FURTHER =
      List.of(
          ProtectionChecks::sent,
          WideValueChecks::toast,
          SlotChecks::state,
          SlotChecks::consumer,
          WalChecks::retained,
          ServerChecks::slotsLeft,
          ServerChecks::sendersLeft,
          ConnectionChecks::left,
          WalChecks::limit,
          WalChecks::disk,
          ServerChecks::idleTimeout,
          ServerChecks::longTransactions,
          ServerChecks::clock,
          RoleChecks::leastPrivilege,
          PlannedFunctions::ofOthers);

  private SourceChecks() {}
}
