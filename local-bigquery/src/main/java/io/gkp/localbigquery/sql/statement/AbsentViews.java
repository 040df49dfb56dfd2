package io.gkp.localbigquery.sql.statement;

import java.util.Map;
import java.util.Set;

/**
 * Views of INFORMATION_SCHEMA over what does not exist here, so that they have no rows: indexes,
 * replicas, links, streams. Clients that look for some find none.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/information-schema-indexes">SEARCH_INDEXES</a>
 */
final class AbsentViews {
  private static final String INDEX =
      "index_catalog STRING, index_schema STRING, table_name STRING, index_name STRING, ";
  private static final String STATE =
      INDEX
          + "index_status STRING, creation_time TIMESTAMP, last_modification_time TIMESTAMP,"
          + " last_refresh_time TIMESTAMP, disable_time TIMESTAMP, disable_reason STRING,"
          + " ddl STRING, coverage_percentage INT64, unindexed_row_count INT64,"
          + " total_logical_bytes INT64, total_storage_bytes INT64";
  private static final String INDEXED = INDEX + "index_column_name STRING, index_field_path STRING";
  private static final String OPTIONS =
      INDEX + "option_name STRING, option_type STRING, option_value STRING";

  /** The columns of each. */
  static final Map<String, String> COLUMNS =
      Map.ofEntries(
          Map.entry("SEARCH_INDEXES", STATE + ", analyzer STRING"),
          Map.entry("SEARCH_INDEX_COLUMNS", INDEXED),
          Map.entry("SEARCH_INDEX_OPTIONS", OPTIONS),
          Map.entry("VECTOR_INDEXES", STATE),
          Map.entry("VECTOR_INDEX_COLUMNS", INDEXED),
          Map.entry("VECTOR_INDEX_OPTIONS", OPTIONS),
          Map.entry(
              "SCHEMATA_REPLICAS",
              "catalog_name STRING, schema_name STRING, replica_name STRING, location STRING,"
                  + " replica_primary_assigned BOOL, replica_primary_assignment_complete BOOL,"
                  + " creation_time TIMESTAMP, creation_complete BOOL,"
                  + " replication_time TIMESTAMP, sync_status JSON"),
          Map.entry(
              "SCHEMATA_LINKS",
              "catalog_name STRING, schema_name STRING, linked_schema_catalog_number STRING,"
                  + " linked_schema_catalog_name STRING, linked_schema_name STRING,"
                  + " linked_schema_creation_time TIMESTAMP,"
                  + " linked_schema_org_display_name STRING, shared_asset_id STRING,"
                  + " link_type STRING"),
          Map.entry(
              "OBJECT_PRIVILEGES",
              "object_catalog STRING, object_schema STRING, object_name STRING,"
                  + " object_type STRING, privilege_type STRING, grantee STRING"));

  /** Views that the real service has, and that would hold what is not counted here. */
  static final Set<String> NOT_COUNTED =
      Set.of(
          "ASSIGNMENTS",
          "ASSIGNMENT_CHANGES",
          "BI_CAPACITIES",
          "BI_CAPACITY_CHANGES",
          "CAPACITY_COMMITMENTS",
          "CAPACITY_COMMITMENT_CHANGES",
          "DATA_POLICIES",
          "EFFECTIVE_PROJECT_OPTIONS",
          "INSIGHTS",
          "JOBS_BY_FOLDER",
          "JOBS_BY_ORGANIZATION",
          "JOBS_TIMELINE",
          "JOBS_TIMELINE_BY_FOLDER",
          "JOBS_TIMELINE_BY_ORGANIZATION",
          "JOBS_TIMELINE_BY_PROJECT",
          "JOBS_TIMELINE_BY_USER",
          "ORGANIZATION_OPTIONS",
          "ORGANIZATION_OPTIONS_CHANGES",
          "PROJECT_OPTIONS",
          "PROJECT_OPTIONS_CHANGES",
          "RECOMMENDATIONS",
          "RECOMMENDATIONS_BY_ORGANIZATION",
          "RESERVATIONS",
          "RESERVATION_CHANGES",
          "RESERVATIONS_TIMELINE",
          "SESSIONS_BY_PROJECT",
          "SESSIONS_BY_USER",
          "SHARED_DATASET_USAGE",
          "STREAMING_TIMELINE",
          "STREAMING_TIMELINE_BY_FOLDER",
          "STREAMING_TIMELINE_BY_ORGANIZATION",
          "STREAMING_TIMELINE_BY_PROJECT",
          "TABLE_STORAGE_BY_FOLDER",
          "TABLE_STORAGE_BY_ORGANIZATION",
          "TABLE_STORAGE_USAGE_TIMELINE",
          "TABLE_STORAGE_USAGE_TIMELINE_BY_FOLDER",
          "TABLE_STORAGE_USAGE_TIMELINE_BY_ORGANIZATION",
          "WRITE_API_TIMELINE",
          "WRITE_API_TIMELINE_BY_FOLDER",
          "WRITE_API_TIMELINE_BY_ORGANIZATION",
          "WRITE_API_TIMELINE_BY_PROJECT");

  private AbsentViews() {}
}
