package io.gkp.sql.cli;

import com.google.cloud.bigquery.BigQuery;
import io.gkp.sql.warehouse.ModelException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What the commands need from the program that they are part of. */
public interface ModelsEnvironment {
  /**
   * Settings that are not given as flags: from the environment, then from the file.
   *
   * @return takes a flag's name without its dashes
   */
  Function<String, Optional<String>> settings(Optional<Path> configFile);

  /** What is wrong with the file, to be told along with whatever else is. */
  default List<String> problems(Optional<Path> configFile) {
    return List.of();
  }

  /**
   * Called before anything is connected to.
   *
   * @throws RuntimeException where nothing may be
   */
  void requireEnabled(Optional<Path> configFile);

  /** A client; {@code host} is that of an emulator, to be used without credentials. */
  BigQuery connect(String project, Optional<String> location, Optional<String> host);

  /** Tells the operator why a command failed. */
  default void complain(PrintWriter err, String message, ModelException.Fault fault) {
    err.println("gkp_cli: " + message + " [" + fault.code() + "]");
    err.flush();
  }
}
