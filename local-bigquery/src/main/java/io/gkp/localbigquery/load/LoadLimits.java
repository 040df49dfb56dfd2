package io.gkp.localbigquery.load;

import com.google.api.services.bigquery.model.JobConfigurationLoad;
import io.gkp.localbigquery.api.ApiException;

/** Names what the real service's load jobs can do and these cannot. */
final class LoadLimits {
  private LoadLimits() {}

  static void check(JobConfigurationLoad load) {
    if (load.getSourceUris() != null && !load.getSourceUris().isEmpty()) {
      throw ApiException.notImplemented("load jobs from sourceUris: upload the file");
    }
    SourceFile.Format.of(load);
    CsvFormat.of(load);
    if (load.getHivePartitioningOptions() != null) {
      throw ApiException.notImplemented("hive partitioning");
    }
    Encoding.of(load);
    refuse("dateFormat", load.getDateFormat());
    refuse("datetimeFormat", load.getDatetimeFormat());
    refuse("timeFormat", load.getTimeFormat());
    refuse("timestampFormat", load.getTimestampFormat());
    refuse("jsonExtension", load.getJsonExtension());
    refuse("referenceFileSchemaUri", load.getReferenceFileSchemaUri());
    refuse("schemaInline", load.getSchemaInline());
    if (!"UTC".equalsIgnoreCase(load.getTimeZone())) {
      refuse("timeZone", load.getTimeZone());
    }
    if (!"POSITION".equals(load.getSourceColumnMatch())) {
      refuse("sourceColumnMatch", load.getSourceColumnMatch());
    }
    if (Boolean.TRUE.equals(load.getCreateSession())) {
      throw ApiException.notImplemented("sessions");
    }
  }

  /** An option that would give other values, were it passed over. */
  private static void refuse(String option, String value) {
    if (value != null && !value.isEmpty()) {
      throw ApiException.notImplemented("the load option " + option + " " + value);
    }
  }
}
