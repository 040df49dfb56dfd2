package io.gkp.connector.debezium;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The program's classes, as an engine looks for them. Debezium asks a dozen times which services of
 * a kind there are, at each start, and the JVM looks into every jar for each answer. They stay the
 * same in a process.
 */
public final class EngineClasses extends ClassLoader {
  private static final String SERVICES = "META-INF/services/";

  static {
    registerAsParallelCapable();
  }

  private static final EngineClasses INSTANCE =
      new EngineClasses(EngineClasses.class.getClassLoader());

  private final Map<String, List<URL>> services = new ConcurrentHashMap<>();

  private EngineClasses(ClassLoader program) {
    super("engine", program);
  }

  public static ClassLoader instance() {
    return INSTANCE;
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    if (!name.startsWith(SERVICES)) {
      return super.getResources(name);
    }
    List<URL> known = services.get(name);
    if (known == null) {
      known = List.copyOf(Collections.list(super.getResources(name)));
      services.put(name, known);
    }
    return Collections.enumeration(known);
  }
}
