package io.gkp.localbigquery.jobs;

import com.google.api.services.bigquery.model.Job;
import io.gkp.localbigquery.ApiException;
import io.gkp.localbigquery.ApiJson;
import io.gkp.localbigquery.storage.Durable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All jobs there ever were, as files: unfinished ones with what was uploaded for them in one
 * directory, finished ones in others. What a method did survives {@code kill -9} once it returns.
 */
final class JobStore {
  private static final String JOB = ".json";
  private static final String UPLOAD = ".upload";

  private final Path unfinished;
  private final Path finished;

  private JobStore(Path directory) {
    this.unfinished = directory.resolve("unfinished");
    this.finished = directory.resolve("finished");
  }

  static JobStore open(Path directory) {
    JobStore store = new JobStore(directory);
    Durable.createDirectory(store.unfinished);
    Durable.createDirectory(store.finished);
    store.clear();
    return store;
  }

  private void clear() {
    for (Path file : Durable.list(unfinished)) {
      String name = file.getFileName().toString();
      boolean orphan =
          name.endsWith(UPLOAD)
              && !Files.exists(
                  unfinished.resolve(name.substring(0, name.length() - UPLOAD.length()) + JOB));
      if (orphan) {
        Durable.delete(file);
      } else if (name.endsWith(JOB)) {
        JobKey key = JobKey.of(read(file));
        if (Files.exists(finishedFile(key))) {
          forget(key);
        }
      }
    }
  }

  /**
   * Takes a job on, and the upload with it.
   *
   * @throws ApiException {@code duplicate} where the id was ever used before
   */
  synchronized void insert(Job job, Optional<Path> upload) {
    JobKey key = JobKey.of(job);
    if (find(key).isPresent()) {
      throw ApiException.duplicate("Already Exists: Job " + JobNames.of(job));
    }
    upload.ifPresent(file -> move(file, upload(key)));
    Durable.write(unfinishedFile(key), ApiJson.write(job));
  }

  synchronized void finish(Job job) {
    JobKey key = JobKey.of(job);
    Durable.createDirectory(finishedFile(key).getParent());
    Durable.write(finishedFile(key), ApiJson.write(job));
    forget(key);
  }

  Optional<Job> find(JobKey key) {
    for (Path file : List.of(finishedFile(key), unfinishedFile(key), finishedFile(key))) {
      try {
        return Optional.of(ApiJson.read(Files.readAllBytes(file), Job.class));
      } catch (NoSuchFileException e) {
        continue;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return Optional.empty();
  }

  List<Job> unfinished() {
    return Durable.list(unfinished).stream()
        .filter(file -> file.toString().endsWith(JOB))
        .map(JobStore::read)
        .toList();
  }

  /** In no particular order. */
  List<Job> finished() {
    List<Job> jobs = new ArrayList<>();
    for (Path folder : Durable.list(finished)) {
      Durable.list(folder).forEach(file -> jobs.add(read(file)));
    }
    return jobs;
  }

  /** Where the upload of an unfinished job is kept. */
  Path upload(JobKey key) {
    return unfinished.resolve(key.fileName() + UPLOAD);
  }

  private void forget(JobKey key) {
    try {
      Files.deleteIfExists(unfinishedFile(key));
      Files.deleteIfExists(upload(key));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path unfinishedFile(JobKey key) {
    return unfinished.resolve(key.fileName() + JOB);
  }

  private Path finishedFile(JobKey key) {
    return finished.resolve(key.folder()).resolve(key.fileName() + JOB);
  }

  private static Job read(Path file) {
    return ApiJson.read(Durable.read(file), Job.class);
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
