package io.gkp.localbigquery.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.util.Data;
import com.google.api.client.util.DateTime;
import com.google.api.services.bigquery.model.ErrorProto;
import com.google.api.services.bigquery.model.Job;
import com.google.api.services.bigquery.model.JobConfiguration;
import com.google.api.services.bigquery.model.JobConfigurationQuery;
import com.google.api.services.bigquery.model.JobStatistics;
import com.google.api.services.bigquery.model.JobStatus;
import com.google.api.services.bigquery.model.SnapshotDefinition;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableReference;
import com.google.api.services.bigquery.model.TableSchema;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApiJsonTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void modelsBecomeTheJsonThatTheirLibraryMakesOfThem() throws IOException {
    Table table =
        new Table()
            .setTableReference(new TableReference().setDatasetId("d").setTableId("quote \" \u20ac"))
            .setSchema(
                new TableSchema()
                    .setFields(
                        List.of(
                            new TableFieldSchema().setName("a").setType("STRING").setMaxLength(9L),
                            new TableFieldSchema()
                                .setName("r")
                                .setType("RECORD")
                                .setFields(List.of(new TableFieldSchema().setName("b"))))))
            .setNumRows(BigInteger.valueOf(Long.MAX_VALUE))
            .setNumBytes(5L)
            .setRequirePartitionFilter(true)
            .setLabels(Map.of("k", "v"))
            .setSnapshotDefinition(new SnapshotDefinition().setSnapshotTime(new DateTime(1234L)));
    requireSame(table);
    requireSame(table.setDescription(Data.nullOf(String.class)).setLabels(Map.of()));
    requireSame(
        new Job()
            .setStatus(
                new JobStatus().setErrors(List.of(new ErrorProto().setReason("line\nbreak"))))
            .setConfiguration(
                new JobConfiguration()
                    .setQuery(new JobConfigurationQuery().setMaximumBillingTier(3)))
            .setStatistics(new JobStatistics().setCreationTime(1L).setCompletionRatio(0.5)));
  }

  @Test
  void whatIsNoModelStaysToo() throws IOException {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("decimal", new BigDecimal("1.50"));
    row.put("null", Data.nullOf(Object.class));
    row.put("list", List.of(1, 2.5, "x", false));
    row.put("absent", null);
    requireSame(row);
    requireSame(ApiJson.read("{\"kind\": \"k\", \"unknown\": {\"n\": [1, null]}}", Table.class));
    requireSame(Map.of());
  }

  private static void requireSame(Object model) throws IOException {
    assertThat(JSON.readTree(ApiJson.write(model)))
        .isEqualTo(JSON.readTree(GsonFactory.getDefaultInstance().toByteArray(model)));
  }
}
