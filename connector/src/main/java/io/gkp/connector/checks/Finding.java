package io.gkp.connector.checks;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.failure.SafeText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a check found.
 *
 * @param check the check's name, stable
 * @param what what was found, one sentence
 * @param why why it matters; null where there is nothing to say
 * @param sql statements that mend it, for whoever administers the source; where all is well, what
 *     may be done all the same
 * @param commands command lines that mend it, or show more
 * @param failure what a run would end with; null unless {@link Level#ERROR}
 */
public record Finding(
    String check,
    Level level,
    String what,
    @Nullable String why,
    List<String> sql,
    List<String> commands,
    @JsonIgnore @Nullable Failure failure) {
  public Finding {
    what = SafeText.line(what);
    why = why == null ? null : SafeText.line(why);
  }

  /** How bad it is, from best to worst. */
  public enum Level {
    @JsonProperty("ok")
    OK,
    /** Works now, and will not in some case that is named. */
    @JsonProperty("warning")
    WARNING,
    /** A run would fail or bring less than it should. */
    @JsonProperty("error")
    ERROR
  }

  public static Finding ok(String check, String what) {
    return new Finding(check, Level.OK, what, null, List.of(), List.of(), null);
  }

  /** All is well, with something that is good to know. */
  public static Finding ok(String check, String what, String why) {
    return new Finding(check, Level.OK, what, why, List.of(), List.of(), null);
  }

  public static Finding warning(String check, String what, @Nullable String why) {
    return new Finding(check, Level.WARNING, what, why, List.of(), List.of(), null);
  }

  public static Finding error(String check, Failure failure, String what, String why) {
    return new Finding(check, Level.ERROR, what, why, List.of(), List.of(), failure);
  }

  /** What a check that could not be carried out says. */
  public static Finding of(String check, ExportException failure) {
    return error(check, failure.failure(), failure.getMessage(), failure.remedy());
  }

  /** A table that a run leaves for the next one. */
  public static Finding locked(ExportException failure) {
    return warning("table-locked", failure.getMessage(), failure.remedy());
  }

  /** A table that no run reads until somebody has mended it. */
  public static Finding functions(ExportException failure) {
    return warning("planned-functions", failure.getMessage(), failure.remedy());
  }

  public Finding withSql(String... statements) {
    return new Finding(check, level, what, why, List.of(statements), commands, failure);
  }

  public Finding withCommand(String... lines) {
    return new Finding(check, level, what, why, sql, List.of(lines), failure);
  }

  /** With another sentence behind the reason; the statements stay last. */
  public Finding alsoWhy(String sentence) {
    String all = why == null ? sentence : why + " " + sentence;
    return new Finding(check, level, what, all, sql, commands, failure);
  }

  /** What was found, and what to do about it. */
  public String sentence() {
    String remedy = remedy();
    return remedy.isEmpty() ? what : what + " " + remedy;
  }

  /** The failure that ends a run. */
  public ExportException toFailure() {
    return new ExportException(requireNonNull(failure), what, remedy());
  }

  private String remedy() {
    StringBuilder remedy = new StringBuilder(why == null ? "" : why);
    if (!sql.isEmpty()) {
      remedy.append(" Run ").append(String.join(" ", sql));
    }
    if (!commands.isEmpty()) {
      remedy.append(" Run ").append(String.join(" && ", commands));
    }
    return remedy.toString().strip();
  }
}
