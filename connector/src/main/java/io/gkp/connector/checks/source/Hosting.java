package io.gkp.connector.checks.source;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.checks.Finding;
import java.sql.SQLException;
import java.util.Locale;

/**
 * Who runs the server. Nobody is a superuser of a managed one: its settings are changed from
 * outside, and REPLICATION is given in the service's own way.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.FeatureSupport.LogicalReplication.html">Amazon
 *     RDS</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Replication.Logical.Configure.html">Amazon
 *     Aurora</a>
 * @see <a
 *     href="https://cloud.google.com/sql/docs/postgres/replication/configure-logical-replication">Cloud
 *     SQL</a>
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-logical">Azure</a>
 */
enum Hosting {
  SELF(""),
  AURORA(
      "aws rds modify-db-cluster-parameter-group --db-cluster-parameter-group-name GROUP"
          + " --parameters ParameterName=%s,ParameterValue=%s,ApplyMethod=%s"),
  RDS(
      "aws rds modify-db-parameter-group --db-parameter-group-name GROUP"
          + " --parameters ParameterName=%s,ParameterValue=%s,ApplyMethod=%s"),
  ALLOYDB(
      "gcloud alloydb instances update INSTANCE --cluster=CLUSTER --region=REGION"
          + " --database-flags=%s=%s"),
  CLOUD_SQL("gcloud sql instances patch INSTANCE --database-flags=%s=%s"),
  AZURE(
      "az postgres flexible-server parameter set --resource-group GROUP --server-name SERVER"
          + " --name %s --value %s");

  private static final String SERVICES =
      "SELECT CASE"
          + " WHEN EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'rds_replication') THEN"
          + "   CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_proc WHERE proname = 'aurora_version')"
          + "   THEN 'aurora' ELSE 'rds' END"
          + " WHEN EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'alloydbsuperuser')"
          + "   THEN 'alloydb'"
          + " WHEN EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'cloudsqlsuperuser')"
          + "   THEN 'cloud_sql'"
          + " WHEN EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'azure_pg_admin')"
          + "   THEN 'azure' ELSE 'self' END";

  private final String command;

  Hosting(String command) {
    this.command = command;
  }

  /** Known by the roles that each service creates. */
  static Hosting of(Source source) throws SQLException {
    return valueOf(requireNonNull(source.value(SERVICES)).toUpperCase(Locale.ROOT));
  }

  /** Gives a role the right to replicate. */
  String grantReplication(String role) {
    return this == RDS || this == AURORA
        ? "GRANT rds_replication TO " + role + ";"
        : "ALTER ROLE " + role + " REPLICATION;";
  }

  /** Makes changes readable; takes effect with a restart. */
  Finding logical(Finding finding) {
    return switch (this) {
      case SELF -> finding.withSql("ALTER SYSTEM SET wal_level = 'logical';");
      case RDS, AURORA ->
          finding.withCommand(command.formatted("rds.logical_replication", "1", "pending-reboot"));
      case ALLOYDB -> finding.withCommand(command.formatted("alloydb.logical_decoding", "on"));
      case CLOUD_SQL -> finding.withCommand(command.formatted("cloudsql.logical_decoding", "on"));
      case AZURE -> finding.withCommand(command.formatted("wal_level", "logical"));
    };
  }

  /** Changes a setting that takes effect with a restart. */
  Finding restarted(Finding finding, String name, long value) {
    return this == SELF
        ? finding.withSql("ALTER SYSTEM SET " + name + " = " + value + ";")
        : finding.withCommand(command.formatted(name, value, "pending-reboot"));
  }

  /**
   * Changes a setting that takes effect at once.
   *
   * @param value in the setting's own unit
   */
  Finding reloaded(Finding finding, String name, long value) {
    return this == SELF
        ? finding.withSql(
            "ALTER SYSTEM SET " + name + " = " + value + ";", "SELECT pg_reload_conf();")
        : finding.withCommand(command.formatted(name, value, "immediate"));
  }
}
