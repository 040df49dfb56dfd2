package io.gkp.demo.servers;

import java.util.Optional;

/** Whether the native parts of the demo exist for this JVM's operating system and processor. */
public record Machine(String system, String processor) {
  public static Machine current() {
    return new Machine(System.getProperty("os.name"), System.getProperty("os.arch"));
  }

  /** Why the demo cannot run here and what to do; empty where it can. */
  public Optional<String> obstacle() {
    boolean mac = system.startsWith("Mac");
    boolean intel = processor.equals("amd64") || processor.equals("x86_64");
    if (intel && (mac || system.equals("Linux"))) {
      return Optional.empty();
    }
    String remedy =
        mac
            ? "Point JAVA_HOME to an x86-64 JDK; Rosetta runs it on Apple silicon."
            : "Run the demo on Linux x86-64 or on macOS.";
    return Optional.of(
        "The SQL engine of the embedded BigQuery does not exist for %s on %s. %s"
            .formatted(system, processor, remedy));
  }
}
