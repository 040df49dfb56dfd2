package io.gkp.localbigquery.jobs;

import com.google.api.services.bigquery.model.Job;
import com.google.api.services.bigquery.model.JobReference;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What makes a job unique, for ever. */
record JobKey(String project, String id) {
  private static final int LONGEST_PREFIX = 100;
  private static final int HASH_DIGITS = 32;

  static JobKey of(Job job) {
    JobReference reference = job.getJobReference();
    return new JobKey(reference.getProjectId(), reference.getJobId());
  }

  @Override
  public String toString() {
    return project + ":" + id;
  }

  /** A name for the job's files that tells its id, however long that is. */
  String fileName() {
    String prefix = URLEncoder.encode(id, StandardCharsets.UTF_8);
    return prefix.substring(0, Math.min(prefix.length(), LONGEST_PREFIX)) + "." + hash();
  }

  private String hash() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
