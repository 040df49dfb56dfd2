package io.gkp.localbigquery.jobs;

import com.google.api.services.bigquery.model.Job;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.storage.Durable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Jobs that are taken on and end: their records in the history, and what was uploaded for
 * unfinished ones in a directory. What a method did survives {@code kill -9} once it returns, where
 * the database does.
 */
final class JobStore {
  private final JobHistory history;
  private final Path uploads;

  private JobStore(JobHistory history, Path uploads) {
    this.history = history;
    this.uploads = uploads;
  }

  static JobStore open(JobHistory history, Path uploads) {
    JobStore store = new JobStore(history, uploads);
    Durable.createDirectory(uploads);
    store.clear();
    return store;
  }

  private void clear() {
    Set<Path> needed =
        history.unfinished().stream()
            .map(job -> upload(JobKey.of(job)))
            .collect(Collectors.toSet());
    Durable.list(uploads).stream().filter(file -> !needed.contains(file)).forEach(Durable::delete);
  }

  JobHistory history() {
    return history;
  }

  /**
   * Takes a job on, and the upload with it.
   *
   * @throws ApiException {@code duplicate} where the id was ever used before
   */
  synchronized void insert(Job job, Optional<Path> upload) {
    JobKey key = JobKey.of(job);
    if (history.knows(key)) {
      throw ApiException.duplicate("Already Exists: Job " + JobNames.of(job));
    }
    upload.ifPresent(file -> move(file, upload(key)));
    history.accept(job);
  }

  /** Writes the job's end in a transaction of its own. */
  void finish(Job job) {
    history.end(job);
    forgetUpload(JobKey.of(job));
  }

  void forgetUpload(JobKey key) {
    try {
      Files.deleteIfExists(upload(key));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the upload of an unfinished job is kept. */
  Path upload(JobKey key) {
    return uploads.resolve(key.fileName());
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
