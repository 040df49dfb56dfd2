package io.gkp.localbigquery.jobs;

import com.google.api.services.bigquery.model.Job;
import io.gkp.localbigquery.api.ApiJson;
import io.gkp.localbigquery.storage.Database;
import io.gkp.localbigquery.storage.DatabaseException;
import io.gkp.localbigquery.storage.Session;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The records of all jobs there ever were, as they were accepted and as they ended. They lie in the
 * database, so that a job's end is committed with the rows that it wrote. Where the database does
 * not outlive the process, the last ones are in memory instead: to write them takes longer than
 * many a job.
 *
 * <p>Ids are in memory, too: each new job asks whether its own was ever used.
 */
public final class JobHistory {
  /** Of records in memory. Beyond it, those that have ended go to the database. */
  private static final int MOST_IN_MEMORY = 1000;

  private final Database database;
  private final boolean isDurable;
  private final int mostInMemory;
  private final Set<JobKey> known = ConcurrentHashMap.newKeySet();

  /** Nobody changes these any more. Guarded by itself. */
  private final Map<JobKey, Job> inMemory = new LinkedHashMap<>();

  private JobHistory(Database database, boolean isDurable, int mostInMemory) {
    this.database = database;
    this.isDurable = isDurable;
    this.mostInMemory = mostInMemory;
  }

  public static JobHistory open(Database database) {
    return open(database, MOST_IN_MEMORY);
  }

  static JobHistory open(Database database, int mostInMemory) {
    try (Session session = database.session()) {
      JobHistory history = new JobHistory(database, session.isDurable(), mostInMemory);
      session.execute(
          "CREATE TABLE IF NOT EXISTS meta.jobs"
              + " (project VARCHAR, id VARCHAR, done BOOLEAN, record VARCHAR)");
      history.known.addAll(
          session.query(
              "SELECT project, id FROM meta.jobs",
              row -> new JobKey(row.getString(1), row.getString(2))));
      return history;
    }
  }

  /** Those of a project; deleted ones left out; one that runs is as it was accepted. No order. */
  public List<Job> of(String project) {
    List<Job> jobs = new ArrayList<>();
    synchronized (inMemory) {
      inMemory.values().stream()
          .filter(job -> job.getJobReference().getProjectId().equals(project))
          .map(ApiJson::copy)
          .forEach(jobs::add);
      jobs.addAll(stored("project = ?", project));
    }
    jobs.removeIf(Jobs::isDeleted);
    return jobs;
  }

  /** Whether a job ever had the id. */
  boolean knows(JobKey key) {
    return known.contains(key);
  }

  Optional<Job> find(JobKey key) {
    if (!known.contains(key)) {
      return Optional.empty();
    }
    synchronized (inMemory) {
      Job job = inMemory.get(key);
      return job == null
          ? stored("project = ? AND id = ?", key.project(), key.id()).stream().findFirst()
          : Optional.of(ApiJson.copy(job));
    }
  }

  /** Those that an earlier process has left. */
  List<Job> unfinished() {
    return stored("NOT done");
  }

  /** In no particular order. */
  List<Job> finished() {
    synchronized (inMemory) {
      List<Job> jobs = stored("done");
      inMemory.values().stream().filter(JobHistory::isDone).map(ApiJson::copy).forEach(jobs::add);
      return jobs;
    }
  }

  private List<Job> stored(String which, Object... parameters) {
    try (Session session = database.session()) {
      return session.query(
          "SELECT record FROM meta.jobs WHERE " + which,
          row -> ApiJson.read(row.getString(1), Job.class),
          parameters);
    }
  }

  private static boolean isDone(Job job) {
    return job.getStatus().getState().equals("DONE") || Jobs.isDeleted(job);
  }

  /** Records a job that is taken on. */
  void accept(Job job) {
    if (isDurable) {
      try (Session session = database.session()) {
        insert(session, job);
      }
    }
    keep(job);
  }

  /**
   * Records the end of a job that was taken on, as part of the session's transaction. {@link
   * #committed} follows it.
   */
  void end(Session session, Job job) {
    if (isDurable) {
      update(session, job);
    }
  }

  /**
   * Records a job that has ended, and was not taken on, as part of the session's transaction or as
   * one of its own. {@link #committed} follows it.
   */
  void add(Session session, Job job) {
    if (isDurable) {
      insert(session, job);
    }
  }

  void committed(Job job) {
    keep(job);
  }

  /** Records in a transaction of its own what became of a job. */
  void end(Job job) {
    if (isDurable) {
      update(job);
    }
    keep(job);
  }

  private void keep(Job job) {
    JobKey key = JobKey.of(job);
    boolean isNew = known.add(key);
    if (isDurable) {
      return;
    }
    synchronized (inMemory) {
      if (!isNew && !inMemory.containsKey(key)) {
        update(job);
        return;
      }
      inMemory.put(key, job);
      if (inMemory.size() > mostInMemory) {
        store();
      }
    }
  }

  /** The older half of those that have ended goes to the database. */
  private void store() {
    Map<JobKey, Job> going = new LinkedHashMap<>();
    Iterator<Map.Entry<JobKey, Job>> eldest = inMemory.entrySet().iterator();
    while (eldest.hasNext() && going.size() <= mostInMemory / 2) {
      Map.Entry<JobKey, Job> entry = eldest.next();
      if (isDone(entry.getValue())) {
        going.put(entry.getKey(), entry.getValue());
      }
    }
    if (!going.isEmpty()) {
      try (Session session = database.session()) {
        session.transaction(() -> going.values().forEach(job -> insert(session, job)));
        inMemory.keySet().removeAll(going.keySet());
      } catch (DatabaseException e) {
        // They stay where they are, and the next job tries again.
      }
    }
  }

  private void update(Job job) {
    try (Session session = database.session()) {
      session.transaction(() -> update(session, job));
    }
  }

  private static void insert(Session session, Job job) {
    JobKey key = JobKey.of(job);
    session.update(
        "INSERT INTO meta.jobs VALUES (?, ?, ?, ?)",
        key.project(),
        key.id(),
        isDone(job),
        text(job));
  }

  private static void update(Session session, Job job) {
    JobKey key = JobKey.of(job);
    session.update(
        "UPDATE meta.jobs SET done = true, record = ? WHERE project = ? AND id = ?",
        text(job),
        key.project(),
        key.id());
  }

  private static String text(Job job) {
    return new String(ApiJson.write(job), StandardCharsets.UTF_8);
  }
}
