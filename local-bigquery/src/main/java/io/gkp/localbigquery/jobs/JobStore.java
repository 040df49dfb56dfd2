package io.gkp.localbigquery.jobs;

import com.google.api.services.bigquery.model.Job;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.api.ApiJson;
import io.gkp.localbigquery.storage.Database;
import io.gkp.localbigquery.storage.Durable;
import io.gkp.localbigquery.storage.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * All jobs there ever were, in the database, so that a job's end is committed with the rows that it
 * wrote; what was uploaded for unfinished ones, in a directory. What a method did survives {@code
 * kill -9} once it returns.
 *
 * <p>Their ids are in memory, too: each new job asks whether its own was ever used.
 */
final class JobStore {
  private final Database database;
  private final Path uploads;
  private final Set<JobKey> known = ConcurrentHashMap.newKeySet();

  private JobStore(Database database, Path uploads) {
    this.database = database;
    this.uploads = uploads;
  }

  static JobStore open(Database database, Path uploads) {
    JobStore store = new JobStore(database, uploads);
    Durable.createDirectory(uploads);
    try (Session session = database.session()) {
      session.execute(
          "CREATE TABLE IF NOT EXISTS meta.jobs"
              + " (project VARCHAR, id VARCHAR, done BOOLEAN, record VARCHAR)");
      store.known.addAll(
          session.query(
              "SELECT project, id FROM meta.jobs",
              row -> new JobKey(row.getString(1), row.getString(2))));
    }
    store.clear();
    return store;
  }

  private void clear() {
    Set<Path> needed =
        unfinished().stream().map(job -> upload(JobKey.of(job))).collect(Collectors.toSet());
    Durable.list(uploads).stream().filter(file -> !needed.contains(file)).forEach(Durable::delete);
  }

  /**
   * Takes a job on, and the upload with it.
   *
   * @throws ApiException {@code duplicate} where the id was ever used before
   */
  synchronized void insert(Job job, Optional<Path> upload) {
    JobKey key = JobKey.of(job);
    if (known.contains(key)) {
      throw ApiException.duplicate("Already Exists: Job " + JobNames.of(job));
    }
    upload.ifPresent(file -> move(file, upload(key)));
    try (Session session = database.session()) {
      put(session, key, false, job);
    }
    known.add(key);
  }

  private static void put(Session session, JobKey key, boolean done, Job job) {
    session.update(
        "INSERT INTO meta.jobs VALUES (?, ?, ?, ?)", key.project(), key.id(), done, text(job));
  }

  private static String text(Job job) {
    return new String(ApiJson.write(job), StandardCharsets.UTF_8);
  }

  /** Writes the end of a job that was taken on as part of the session's transaction. */
  void finish(Session session, Job job) {
    JobKey key = JobKey.of(job);
    session.update(
        "UPDATE meta.jobs SET done = true, record = ? WHERE project = ? AND id = ?",
        text(job),
        key.project(),
        key.id());
  }

  /** Writes the job's end in a transaction of its own. */
  void finish(Job job) {
    try (Session session = database.session()) {
      session.transaction(() -> finish(session, job));
    }
    forgetUpload(JobKey.of(job));
  }

  /** Takes on a job that has ended, as part of the session's transaction or as one of its own. */
  void insertFinished(Session session, Job job) {
    JobKey key = JobKey.of(job);
    put(session, key, true, job);
    known.add(key);
  }

  void forgetUpload(JobKey key) {
    try {
      Files.deleteIfExists(upload(key));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Optional<Job> find(JobKey key) {
    if (!known.contains(key)) {
      return Optional.empty();
    }
    try (Session session = database.session()) {
      return session
          .query(
              "SELECT record FROM meta.jobs WHERE project = ? AND id = ?",
              row -> read(row.getString(1)),
              key.project(),
              key.id())
          .stream()
          .findFirst();
    }
  }

  List<Job> unfinished() {
    return jobs("NOT done");
  }

  /** In no particular order. */
  List<Job> finished() {
    return jobs("done");
  }

  private List<Job> jobs(String which) {
    try (Session session = database.session()) {
      return session.query(
          "SELECT record FROM meta.jobs WHERE " + which, row -> read(row.getString(1)));
    }
  }

  /** Where the upload of an unfinished job is kept. */
  Path upload(JobKey key) {
    return uploads.resolve(key.fileName());
  }

  private static Job read(String record) {
    return ApiJson.read(record, Job.class);
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
