package io.gkp.sql.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.gkp.sql.warehouse.ModelException;
import io.gkp.sql.warehouse.ModelException.Fault;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What the commands on models have in common: options, output, and errors as a sentence. */
abstract class ModelCommand implements Callable<Integer> {
  static final int OK = 0;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(MapperFeature.SORT_CREATOR_PROPERTIES_FIRST)
          .addModule(new Jdk8Module())
          .build();

  @Mixin ModelOptions options;
  @Spec CommandSpec spec;

  final ModelsEnvironment environment;

  ModelCommand(ModelsEnvironment environment) {
    this.environment = environment;
  }

  abstract int execute();

  @Override
  public final Integer call() {
    try {
      return execute();
    } catch (ModelException e) {
      return fail(e.getMessage(), e.fault());
    } catch (IllegalArgumentException e) {
      return fail(e.getMessage(), Fault.USAGE);
    } finally {
      out().flush();
    }
  }

  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  final void printJson(Object value) {
    try {
      out().println(JSON.writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new ModelException(Fault.INTERNAL, "The answer cannot be printed.", e);
    }
  }

  private int fail(String message, Fault fault) {
    if (options.json()) {
      printJson(
          Map.of(
              "error",
              Map.of("code", fault.code(), "message", message, "exit_code", fault.exitCode())));
    }
    environment.complain(spec.commandLine().getErr(), message, fault);
    return fault.exitCode();
  }
}
