package io.gkp.localbigquery.rest;

import com.google.api.services.bigquery.model.Job;
import com.google.api.services.bigquery.model.JobReference;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.api.ApiJson;
import io.gkp.localbigquery.jobs.Jobs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Load jobs with their data, in one multipart request or in chunks.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/reference/api-uploads">Uploading data</a>
 */
final class UploadResource {
  private static final int MOST_OPEN_UPLOADS = 1000;

  private final Jobs jobs;
  private final Spool spool;
  private final Map<String, ResumableUpload> uploads = new LinkedHashMap<>();

  UploadResource(Jobs jobs, Spool spool) {
    this.jobs = jobs;
    this.spool = spool;
  }

  void register(Router router) {
    for (String prefix : new String[] {"upload/", "resumable/upload/"}) {
      String path = prefix + "bigquery/v2/projects/{project}/jobs";
      router.on("POST", path, this::start).on("PUT", path, this::resume);
    }
  }

  private Response start(Request request) throws IOException {
    String type = request.query("uploadType").orElse("");
    return switch (type) {
      case "multipart" -> multipart(request);
      case "resumable" -> resumable(request);
      default -> throw ApiException.notImplemented("uploadType=" + type);
    };
  }

  private Response multipart(Request request) throws IOException {
    MultipartBody body = new MultipartBody(request.body(), request.header("Content-Type"));
    Job job = ClientJson.read(Request.json(body.next()), Job.class);
    checkUnused(request.path("project"), job);
    Path file = spool.newFile();
    try (InputStream data = body.next()) {
      Spool.append(file, data);
      Spool.sync(file);
      return Response.ok(insert(request.path("project"), job, file));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private Response resumable(Request request) throws IOException {
    String project = request.path("project");
    Job job = request.json(Job.class);
    checkUnused(project, job);
    Path file = spool.newFile();
    String id = UUID.randomUUID().toString();
    remember(id, new ResumableUpload(job, file, complete -> insert(project, complete, file)));
    String host = request.header("Host").orElse("127.0.0.1");
    return Response.empty(
        200,
        Map.of(
            "Location",
            "http://%s/upload/bigquery/v2/projects/%s/jobs?uploadType=resumable&upload_id=%s"
                .formatted(host, project, id),
            "X-GUploader-UploadID",
            id));
  }

  private Response resume(Request request) throws IOException {
    String id = request.query("upload_id").orElse("");
    ResumableUpload upload;
    synchronized (uploads) {
      upload = uploads.get(id);
    }
    if (upload == null) {
      throw ApiException.notFound("Not found: Upload " + id);
    }
    return upload.put(request.header("Content-Range"), request.body());
  }

  private void remember(String id, ResumableUpload upload) throws IOException {
    synchronized (uploads) {
      uploads.put(id, upload);
      if (uploads.size() > MOST_OPEN_UPLOADS) {
        String oldest = uploads.keySet().iterator().next();
        Files.deleteIfExists(uploads.remove(oldest).file());
      }
    }
  }

  private void checkUnused(String project, Job job) {
    JobReference reference = job.getJobReference();
    if (reference != null && reference.getJobId() != null) {
      jobs.checkUnused(new Job().setJobReference(ApiJson.copy(reference).setProjectId(project)));
    }
  }

  private Job insert(String project, Job job, Path file) {
    if (job.getConfiguration() == null || job.getConfiguration().getLoad() == null) {
      throw ApiException.invalid("Only load jobs take an upload.");
    }
    return JobsResource.shown(jobs.insert(project, job, Optional.of(file)));
  }
}
