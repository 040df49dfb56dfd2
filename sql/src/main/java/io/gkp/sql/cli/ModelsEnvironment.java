package io.gkp.sql.cli;

import com.google.cloud.bigquery.BigQuery;
import java.nio.file.Path;
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

  /**
   * Called before anything is connected to.
   *
   * @throws RuntimeException where nothing may be
   */
  void requireEnabled(Optional<Path> configFile);

  /** A client; {@code host} is that of an emulator, to be used without credentials. */
  BigQuery connect(String project, Optional<String> location, Optional<String> host);
}
