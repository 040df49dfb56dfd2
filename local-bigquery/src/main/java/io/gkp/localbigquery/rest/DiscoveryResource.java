package io.gkp.localbigquery.rest;

import io.gkp.localbigquery.api.ApiJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Describes the API to clients that build themselves from such a description, {@code bq} above all:
 * which methods there are, where, and with which parameters.
 *
 * @see <a href="https://developers.google.com/discovery/v1/reference/apis">Discovery document</a>
 */
final class DiscoveryResource {
  private static final String DATASETS = "projects/{+projectId}/datasets";
  private static final String DATASET = DATASETS + "/{+datasetId}";
  private static final String TABLES = DATASET + "/tables";
  private static final String TABLE = TABLES + "/{+tableId}";
  private static final String ROUTINES = DATASET + "/routines";
  private static final String ROUTINE = ROUTINES + "/{+routineId}";
  private static final String MODELS = DATASET + "/models";
  private static final String MODEL = MODELS + "/{+modelId}";
  private static final String JOBS = "projects/{+projectId}/jobs";
  private static final String QUERIES = "projects/{+projectId}/queries";
  private static final String PAGING = "maxResults:integer pageToken ";

  private static final Pattern PATH_PARAMETER = Pattern.compile("\\{\\+(\\w+)}");

  /** Resource, method, HTTP method, path, query parameters (strings where no type is given). */
  private static final String[][] METHODS = {
    {"projects", "list", "GET", "projects", PAGING},
    {"datasets", "list", "GET", DATASETS, PAGING + "all:boolean filter"},
    {"datasets", "insert", "POST", DATASETS, "accessPolicyVersion:integer"},
    {"datasets", "get", "GET", DATASET, "datasetView accessPolicyVersion:integer"},
    {"datasets", "patch", "PATCH", DATASET, "updateMode accessPolicyVersion:integer"},
    {"datasets", "update", "PUT", DATASET, "updateMode accessPolicyVersion:integer"},
    {"datasets", "delete", "DELETE", DATASET, "deleteContents:boolean"},
    {"tables", "list", "GET", TABLES, PAGING},
    {"tables", "insert", "POST", TABLES, ""},
    {"tables", "get", "GET", TABLE, "selectedFields view"},
    {"tables", "patch", "PATCH", TABLE, "autodetect_schema:boolean"},
    {"tables", "update", "PUT", TABLE, "autodetect_schema:boolean"},
    {"tables", "delete", "DELETE", TABLE, ""},
    {
      "tabledata",
      "list",
      "GET",
      TABLE + "/data",
      PAGING + "startIndex selectedFields formatOptions_useInt64Timestamp:boolean"
    },
    {"tabledata", "insertAll", "POST", TABLE + "/insertAll", ""},
    {
      "jobs",
      "list",
      "GET",
      JOBS,
      PAGING + "allUsers:boolean projection stateFilter parentJobId minCreationTime maxCreationTime"
    },
    {"routines", "list", "GET", ROUTINES, PAGING + "filter readMask"},
    {"routines", "insert", "POST", ROUTINES, ""},
    {"routines", "get", "GET", ROUTINE, "readMask"},
    {"routines", "update", "PUT", ROUTINE, ""},
    {"routines", "delete", "DELETE", ROUTINE, ""},
    {"models", "list", "GET", MODELS, PAGING},
    {"models", "get", "GET", MODEL, ""},
    {"models", "patch", "PATCH", MODEL, ""},
    {"models", "delete", "DELETE", MODEL, ""},
    {"rowAccessPolicies", "list", "GET", TABLE + "/rowAccessPolicies", PAGING},
    {"projects", "getServiceAccount", "GET", "projects/{+projectId}/serviceAccount", ""},
    {"jobs", "insert", "POST", JOBS, ""},
    {"jobs", "get", "GET", JOBS + "/{+jobId}", "location"},
    {"jobs", "cancel", "POST", JOBS + "/{+jobId}/cancel", "location"},
    {"jobs", "delete", "DELETE", JOBS + "/{+jobId}/delete", "location"},
    {"jobs", "query", "POST", QUERIES, ""},
    {
      "jobs",
      "getQueryResults",
      "GET",
      QUERIES + "/{+jobId}",
      PAGING + "location startIndex timeoutMs:integer formatOptions_useInt64Timestamp:boolean"
    },
  };

  void register(Router router) {
    router
        .on("GET", "$discovery/rest", DiscoveryResource::document)
        .on("GET", "discovery/v1/apis/bigquery/v2/rest", DiscoveryResource::document);
  }

  private static Response document(Request request) {
    String root = "http://" + request.header("Host").orElse("127.0.0.1") + "/";
    Map<String, Object> resources = new LinkedHashMap<>();
    for (String[] method : METHODS) {
      methods(resources, method[0]).put(method[1], describe(method));
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("kind", "discovery#restDescription");
    document.put("id", "bigquery:v2");
    document.put("name", "bigquery");
    document.put("version", "v2");
    document.put("title", "Local BigQuery");
    document.put("protocol", "rest");
    document.put("rootUrl", root);
    document.put("servicePath", "bigquery/v2/");
    document.put("baseUrl", root + "bigquery/v2/");
    document.put("basePath", "/bigquery/v2/");
    document.put("batchPath", "batch/bigquery/v2");
    document.put("parameters", parameters("alt fields key prettyPrint:boolean quotaUser"));
    document.put("schemas", Map.of("Any", Map.of("id", "Any", "type", "object")));
    document.put("resources", resources);
    return new Response(200, Map.of(), ApiJson.write(document));
  }

  @SuppressWarnings("unchecked") // these maps are made here only
  private static Map<String, Object> methods(Map<String, Object> resources, String resource) {
    Map<String, Object> described =
        (Map<String, Object>)
            resources.computeIfAbsent(
                resource, key -> new LinkedHashMap<>(Map.of("methods", new LinkedHashMap<>())));
    return (Map<String, Object>) described.get("methods");
  }

  private static Map<String, Object> describe(String[] method) {
    String path = method[3];
    Map<String, Object> parameters = new LinkedHashMap<>();
    List<String> order = new ArrayList<>();
    Matcher matcher = PATH_PARAMETER.matcher(path);
    while (matcher.find()) {
      order.add(matcher.group(1));
      parameters.put(
          matcher.group(1), Map.of("type", "string", "location", "path", "required", true));
    }
    parameters.putAll(parameters(method[4]));
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("id", "bigquery." + method[0] + "." + method[1]);
    described.put("httpMethod", method[2]);
    described.put("path", path);
    described.put("parameters", parameters);
    described.put("parameterOrder", order);
    described.put("response", Map.of("$ref", "Any"));
    if (method[2].startsWith("P")) {
      described.put("request", Map.of("$ref", "Any"));
    }
    if (described.get("id").equals("bigquery.jobs.insert")) {
      described.put("supportsMediaUpload", true);
      described.put("mediaUpload", uploads(path));
    }
    return described;
  }

  private static Map<String, Object> uploads(String path) {
    String upload = "upload/bigquery/v2/" + path;
    return Map.of(
        "accept",
        List.of("*/*"),
        "protocols",
        Map.of(
            "simple", Map.of("multipart", true, "path", "/" + upload),
            "resumable", Map.of("multipart", true, "path", "/resumable/" + upload)));
  }

  private static Map<String, Object> parameters(String names) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    for (String name : names.strip().split("\\s+")) {
      if (!name.isEmpty()) {
        String[] typed = name.split(":");
        parameters.put(
            typed[0].replace("formatOptions_", "formatOptions."),
            Map.of("location", "query", "type", typed.length == 1 ? "string" : typed[1]));
      }
    }
    return parameters;
  }
}
