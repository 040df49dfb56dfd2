package io.gkp.localbigquery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A program of somebody else's that is on the path of this machine. */
record Tool(Path program) {
  /**
   * The first of this name on the path that is whole.
   *
   * @param probe arguments with which it ends with 0 then
   */
  static Optional<Tool> onPath(String name, String... probe)
      throws IOException, InterruptedException {
    for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
      Tool tool = new Tool(Path.of(folder, name));
      if (Files.isExecutable(tool.program)
          && tool.process(Map.of(), List.of(probe))
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                  .start()
                  .waitFor()
              == 0) {
        return Optional.of(tool);
      }
    }
    return Optional.empty();
  }

  /** Runs it to its end, which has to be good; returns what it printed. */
  String run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    return tell(environment, "", arguments);
  }

  /** As {@link #run}, with something to read. */
  String tell(Map<String, String> environment, String input, String... arguments)
      throws IOException, InterruptedException {
    Process process = process(environment, List.of(arguments)).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private ProcessBuilder process(Map<String, String> environment, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(arguments);
    ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
    process.environment().putAll(environment);
    return process;
  }
}
