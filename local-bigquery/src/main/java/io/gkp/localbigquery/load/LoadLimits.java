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
    if (load.getDestinationTable().getTableId().contains("$")) {
      throw ApiException.notImplemented("partition decorators");
    }
    if (load.getEncoding() != null
        && !load.getEncoding().replace("-", "").equalsIgnoreCase("UTF8")) {
      throw ApiException.notImplemented("the encoding " + load.getEncoding());
    }
    if (Boolean.TRUE.equals(load.getCreateSession())) {
      throw ApiException.notImplemented("sessions");
    }
  }
}
