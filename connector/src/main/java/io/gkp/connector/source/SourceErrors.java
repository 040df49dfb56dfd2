package io.gkp.connector.source;

import io.gkp.connector.checks.source.ConnectionChecks;
import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.session.PooledConnectionException;
import io.gkp.connector.silence.SilentServerException;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.io.IOException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/**
 * What a Postgres error means for a run, by SQLSTATE: one table, from which the most specific entry
 * counts, a whole code before its class.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">error codes</a>
 */
public final class SourceErrors {
  public static final String LOCK_NOT_AVAILABLE = "55P03";

  private static final String LOCKED =
      "{postgres} holds a lock that the export waited for: {server}.";
  private static final String FULL = "{postgres} has nothing free for the export: {server}.";
  private static final String UNREACHABLE = "{postgres} cannot be reached: {server}.";
  private static final String ENDED = "{postgres} ended a session of the export: {server}.";

  /** Classes: not supported, names and rights, limits, states of objects, the system, internal. */
  private static final List<String> NAMING_OBJECTS =
      List.of("0A", "3F", "42", "54", "55", "57", "58", "XX");

  private static final Map<String, Meaning> MEANINGS = new LinkedHashMap<>();

  /**
   * @param sentence with names in braces that {@link #fill} knows, and {@code {server}} for the
   *     first line of the server's message: only where that never holds values of rows
   */
  private record Meaning(Failure failure, String sentence, String remedy) {}

  static {
    means(
        "28",
        Failure.SOURCE_AUTHENTICATION,
        "{postgres} refused the login of user {user}.",
        "Check user and password in --source-url (or DATABASE_URL), whether the password has expired"
            + " (VALID UNTIL), and the server's pg_hba.conf, which may ask for TLS"
            + " (?sslmode=verify-full).");
    means(
        "3D000",
        Failure.CONFIGURATION,
        "Database {database} does not exist at {where}.",
        "Correct the database name at the end of --source-url.");
    means(
        "42501",
        Failure.SOURCE_PERMISSION,
        "User {user} lacks a privilege. {postgres} says: {server}.",
        "Grant it, or run doctor for the exact statements.");
    means(
        "42P01",
        Failure.TABLE_MISSING,
        "A table is not there any more. {postgres} says: {server}.",
        "Where it was renamed, give it its name back: what was changed meanwhile is exported then."
            + " Where it is gone for good, name the other tables with --tables.");
    means(
        "25006",
        Failure.SOURCE_SETTINGS,
        "{postgres} is a standby, or is in recovery.",
        "Point --source-url (or DATABASE_URL) at the primary.");
    for (String state : new String[] {"22021", "22P05"}) {
      means(
          state,
          Failure.SOURCE_ENCODING,
          "{postgres} cannot convert some text of database {database} to UTF-8.",
          "Where it is the name of a table, a column or a type: rename it. Where a snapshot ends so:"
              + " leave the column out (--exclude-columns). Where the stream does: run offsets"
              + " skip.");
    }
    means(
        "58P01",
        Failure.SLOT_INVALIDATED,
        "{postgres} does not have a file any more that slot {slot} needs: {server}.",
        "If it was write-ahead log: run offsets reset --all --yes to take new snapshots from a new"
            + " slot. Never delete files of pg_wal.");
    means(
        "55006",
        Failure.SLOT_BUSY,
        "Another session reads from replication slot {slot}.",
        "Wait for it to end; SELECT * FROM pg_replication_slots names its process.");
    means(
        LOCK_NOT_AVAILABLE,
        Failure.SOURCE_LOCKED,
        LOCKED,
        "Run again when it is released. SELECT * FROM pg_locks WHERE NOT granted; shows who waits,"
            + " pg_blocking_pids(<pid>) for whom.");

    // Passing trouble: the next run may succeed although nobody does anything.
    means(
        "53",
        Failure.SOURCE_UNREACHABLE,
        FULL,
        "Run again when others have let go of it. A run has up to "
            + ConnectionChecks.NEEDED
            + " connections at once, one of them a WAL sender: raise max_connections, the role's"
            + " CONNECTION LIMIT or max_wal_senders if this comes often.");
    means(
        "53100",
        Failure.SOURCE_UNREACHABLE,
        "{postgres} has no room left on a disk: {server}.",
        "Make room there and run again: a run frees the write-ahead log that the slot keeps. doctor"
            + " says how much that is.");
    means(
        "53200",
        Failure.SOURCE_UNREACHABLE,
        "{postgres} has no memory left for the export: {server}.",
        "Where it is shared memory, raise max_locks_per_transaction and restart the server: a table"
            + " is locked with all of its partitions. Otherwise run again when others need less.");
    means(
        "53400",
        Failure.SOURCE_UNREACHABLE,
        FULL,
        "Raise the limit that it names. Where it is the slots, drop those that nobody needs, or raise"
            + " max_replication_slots.");
    for (String state : new String[] {"08", "57P", "58030"}) {
      means(
          state,
          Failure.SOURCE_UNREACHABLE,
          UNREACHABLE,
          "Check host, port, network and that the server is up; its log says why it ends sessions.");
    }
    for (String state : new String[] {"57P01", "57P02"}) {
      means(
          state,
          Failure.SOURCE_LOST,
          ENDED,
          "Nothing is lost; run again when the server is up. Somebody called pg_terminate_backend(),"
              + " or the server was shut down.");
    }
    for (String state : new String[] {"57014", "40"}) {
      means(
          state,
          Failure.SOURCE_LOST,
          "{postgres} gave up a statement of the export: {server}.",
          "Nothing is lost; run again. Somebody called pg_cancel_backend(), or it met a deadlock.");
    }

    // Timeouts that the export switches off for its sessions: somebody switches them on again.
    for (String state : new String[] {"25P03", "25P04", "57P05"}) {
      means(
          state,
          Failure.SOURCE_SETTINGS,
          ENDED,
          "Switch that timeout off for user {user}: ALTER ROLE {user} SET <timeout> = 0.");
    }
    means(
        "P0", // what functions in PL/pgSQL raise
        Failure.REFUSED_BY_TRIGGER,
        "A trigger of database {database} refused user {user} at {where}.",
        "Let it pass this user: SELECT evtname, evtevent, evtfoid::regproc FROM pg_event_trigger;"
            + " shows those of logins and of DDL; the server's log has their message. A run changes"
            + " nothing but its publication: where DDL is refused, its administrator can run what"
            + " doctor --fix-sql prints.");
    means("08P01", Failure.SOURCE_POOLED, Pooler.ANSWERED, Pooler.REMEDY);
  }

  private static void means(String state, Failure failure, String sentence, String remedy) {
    MEANINGS.put(state, new Meaning(failure, sentence, remedy));
  }

  /** Sentences about a pooler between the export and the server. */
  private static final class Pooler {
    static final String ANSWERED =
        "What answers at {where} is not PostgreSQL itself, it seems, but a connection pooler:"
            + " {server}.";

    static final String BETWEEN =
        "A connection pooler stands between the export and Postgres at {where}: another backend"
            + " answers than the one that was connected to.";

    static final String REMEDY =
        "Name the server itself in --source-url, usually at port 5432, not PgBouncer, pgcat, Odyssey,"
            + " Supavisor, an RDS Proxy or a -pooler host: settings and snapshots would go to"
            + " sessions of others, and logical replication does not pass.";
  }

  private SourceErrors() {}

  /**
   * The failure of a run for an error of the source. The server's message is kept out where it may
   * hold row values.
   */
  public static ExportException toFailure(SourceConfig source, SQLException error) {
    Optional<ExportException> tls = TlsErrors.of(source, error);
    if (tls.isPresent()) {
      return tls.get();
    }
    if (error instanceof PooledConnectionException) {
      return failure(
          source, error, new Meaning(Failure.SOURCE_POOLED, Pooler.BETWEEN, Pooler.REMEDY));
    }
    Optional<ExportException> driver = ofDriver(source, error);
    if (driver.isPresent()) {
      return driver.get();
    }
    String state = state(error);
    for (int length = state.length(); length >= 2; length--) {
      Meaning meaning = MEANINGS.get(state.substring(0, length));
      if (meaning != null) {
        return failure(source, error, meaning);
      }
    }
    return failure(
        source,
        error,
        new Meaning(
            Failure.INTERNAL,
            "{postgres} answered with error "
                + state
                + (mayHoldValues(state) ? "." : ": {server}."),
            mayHoldValues(state)
                ? "The server's log has its message, which may hold values of rows."
                : "Nothing is lost; run again with --verbose and report it."));
  }

  /**
   * The failure of a login. What the server itself never says then is taken for the word of
   * somebody in between.
   */
  static ExportException ofLogin(SourceConfig source, SQLException error) {
    if (state(error).equals("42704")) { // a setting of the startup message
      return failure(
          source,
          error,
          new Meaning(
              Failure.SOURCE_SETTINGS,
              "{postgres} does not know a setting of the export: {server}.",
              "Upgrade it to PostgreSQL 14 or newer."));
    }
    if (state(error).equals("0A000")) { // an encoding that no client reads as UTF-8
      return failure(
          source,
          error,
          new Meaning(
              Failure.SOURCE_ENCODING,
              "{postgres} lets no program read database {database} that wants UTF-8: {server}.",
              "Dump the database and restore it into one of another encoding (CREATE DATABASE ..."
                  + " ENCODING 'UTF8' TEMPLATE template0)."));
    }
    ExportException failure = toFailure(source, error);
    return failure.failure() == Failure.INTERNAL
        ? failure(source, error, new Meaning(Failure.SOURCE_POOLED, Pooler.ANSWERED, Pooler.REMEDY))
        : failure;
  }

  /** Full, starting, or slower at a login than its timeouts: a moment later it may answer. */
  static boolean isMomentary(SQLException error) {
    return List.of("53300", "57P03", "25P04").contains(state(error));
  }

  /** What the driver refused, before anything was sent: an option, or a password that it lacks. */
  private static Optional<ExportException> ofDriver(SourceConfig source, SQLException error) {
    boolean refused =
        error instanceof PSQLException driver
            && driver.getServerErrorMessage() == null
            && !hasInputOutput(error);
    String state = state(error);
    if (refused
        && state.equals(PSQLState.CONNECTION_REJECTED.getState())
        && String.valueOf(error.getMessage()).contains("requireAuth")) {
      return Optional.of(
          failure(
              source,
              error,
              new Meaning(
                  Failure.SOURCE_LOGIN_METHOD,
                  "{postgres} does not let user {user} in by a method of require_auth="
                      + source.options().get("requireAuth")
                      + "; it was sent no password.",
                  "Give the user a SCRAM password: password_encryption = 'scram-sha-256' in Postgres,"
                      + " the password set anew, scram-sha-256 in pg_hba.conf. Where the server must"
                      + " work otherwise, write so into the source's URL: require_auth=md5, =none"
                      + " (client certificates), =gss, or =password (LDAP, tokens of Amazon RDS or"
                      + " Microsoft Entra), the last with sslmode=verify-full alone.")));
    }
    if (refused
        && state.equals(PSQLState.CONNECTION_REJECTED.getState())
        && source.password() == null) {
      return Optional.of(
          failure(
              source,
              error,
              new Meaning(
                  Failure.SOURCE_AUTHENTICATION,
                  "{postgres} asks for a password of user {user}.",
                  "Set PGPASSWORD, or put it into DATABASE_URL or a password file (PGPASSFILE,"
                      + " ~/.pgpass).")));
    }
    // These make the driver give up by the same code, and without a server's word either.
    boolean limited =
        source.options().containsKey("loginTimeout")
            || source.options().containsKey("targetServerType");
    if (refused
        && (state.equals(PSQLState.INVALID_PARAMETER_VALUE.getState())
            || (state.equals(PSQLState.CONNECTION_UNABLE_TO_CONNECT.getState()) && !limited))) {
      return Optional.of(
          failure(
              source,
              error,
              new Meaning(
                  Failure.CONFIGURATION,
                  "The driver refuses an option of the connection to {where}: {server}.",
                  "Correct it in --source-url.")));
    }
    return Optional.empty();
  }

  private static boolean hasInputOutput(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException) {
        return true;
      }
    }
    return false;
  }

  private static ExportException failure(SourceConfig source, SQLException error, Meaning meaning) {
    String sentence =
        fill(meaning.sentence(), source)
            .replace(
                "{server}",
                SilentServerException.in(error)
                    .map(Exception::getMessage)
                    .orElseGet(() -> firstLine(error)));
    return new ExportException(meaning.failure(), sentence, fill(meaning.remedy(), source), error);
  }

  private static String fill(String text, SourceConfig source) {
    return text.replace("{postgres}", "Postgres at " + source.describe())
        .replace("{where}", source.describe())
        .replace("{user}", source.user())
        .replace("{database}", source.database())
        .replace("{slot}", source.slot());
  }

  /**
   * All messages but those that name objects and positions alone. Errors of data and of constraints
   * quote what they complain of, and what functions raise may have any other code.
   */
  private static boolean mayHoldValues(String state) {
    return NAMING_OBJECTS.stream().noneMatch(state::startsWith);
  }

  private static String state(SQLException error) {
    return error.getSQLState() == null ? "" : error.getSQLState();
  }

  public static String firstLine(SQLException error) {
    String message = String.valueOf(error.getMessage());
    int end = message.indexOf('\n');
    String line = end < 0 ? message : message.substring(0, end);
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }
}
