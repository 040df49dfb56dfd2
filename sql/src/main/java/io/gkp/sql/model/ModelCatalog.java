package io.gkp.sql.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All models of a folder of layers, validated, by name. */
public final class ModelCatalog {
  /** Holds a model's metadata; its folder's name is the model's. */
  static final String METADATA = "model.yaml";

  static final String QUERY = "query.sql";

  private final Map<String, Model> models;

  private ModelCatalog(Map<String, Model> models) {
    this.models = models;
  }

  /** The models that come with this library. They are read once: nothing changes them. */
  public static ModelCatalog bundled() {
    return Bundled.CATALOG;
  }

  /**
   * Reads {@code <root>/<layer>/<model>/}.
   *
   * @throws InvalidModelException listing every problem of every model
   */
  public static ModelCatalog read(Path root) throws IOException {
    List<String> problems = new ArrayList<>();
    Map<String, Model> models = new LinkedHashMap<>();
    for (Layer layer : Layer.values()) {
      for (Path folder : modelFolders(root.resolve(layer.folder()))) {
        try {
          Model model = readModel(layer, folder);
          problems.addAll(ModelRules.problems(model));
          if (models.put(model.name(), model) != null) {
            problems.add(model.name() + ": two models have this name");
          }
        } catch (IOException e) {
          problems.add(layer.folder() + "/" + folder.getFileName() + ": " + e.getMessage());
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidModelException(problems);
    }
    return new ModelCatalog(models);
  }

  public Collection<Model> models() {
    return Collections.unmodifiableCollection(models.values());
  }

  /** The classes of personal data that columns are marked with. */
  public SortedSet<String> piiClasses() {
    return models.values().stream()
        .flatMap(model -> model.columns().stream())
        .flatMap(column -> column.pii().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  public Optional<Model> find(String name) {
    return Optional.ofNullable(models.get(name));
  }

  /**
   * @throws IllegalArgumentException where there is none
   */
  public Model get(String name) {
    return find(name).orElseThrow(() -> new IllegalArgumentException("no model " + name));
  }

  private static List<Path> modelFolders(Path layer) throws IOException {
    if (!Files.isDirectory(layer)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(layer)) {
      return folders.filter(f -> Files.exists(f.resolve(METADATA))).sorted().toList();
    }
  }

  private static Model readModel(Layer layer, Path folder) throws IOException {
    // A folder inside a jar is listed with a slash at its end.
    String name = folder.getFileName().toString().replace("/", "");
    Path query = folder.resolve(QUERY);
    return ModelFile.parse(Files.readString(folder.resolve(METADATA)))
        .toModel(name, layer, Files.exists(query) ? Files.readString(query) : null);
  }

  private static final class Bundled {
    static final ModelCatalog CATALOG = BundledModels.with(ModelCatalog::read);
  }
}
