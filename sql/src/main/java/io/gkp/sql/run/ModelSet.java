package io.gkp.sql.run;

import io.gkp.raw.RawNames;
import io.gkp.sql.changelog.FoldedState;
import io.gkp.sql.changelog.GeneratedModels;
import io.gkp.sql.model.Kind;
import io.gkp.sql.model.Layer;
import io.gkp.sql.model.Model;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.render.ModelRenderer;
import io.gkp.sql.render.RenderedModel;
import io.gkp.sql.warehouse.RawColumn;
import io.gkp.sql.warehouse.RawTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The models of one warehouse, rendered and in dependency order. */
public final class ModelSet {
  /**
   * BigQuery's limit on a view's text, less room for a watermark that the view may get.
   *
   * @see <a href="https://cloud.google.com/bigquery/quotas#view_limits">BigQuery: view limits</a>
   */
  private static final int MAX_VIEW_LENGTH = 250_000;

  private final ModelCatalog catalog;
  private final Map<String, RawTable> rawTables = new LinkedHashMap<>();
  private final Map<String, RenderedModel> models = new LinkedHashMap<>();
  private final Map<String, String> skipped = new LinkedHashMap<>();
  private final Map<String, String> ofOthers = new LinkedHashMap<>();
  private final GeneratedModels generated;
  private final ModelRenderer renderer;

  /**
   * @param states of a table, what its latest view starts from
   */
  public ModelSet(
      ModelCatalog catalog,
      Datasets datasets,
      Collection<RawTable> rawTables,
      Function<RawTable, Optional<FoldedState>> states) {
    this(catalog, datasets, rawTables, Set.of(), states);
  }

  /**
   * @param rekeyed names of raw tables whose views stay as they are for now ({@link ChangedKeys})
   * @param states of a table, what its latest view starts from
   */
  ModelSet(
      ModelCatalog catalog,
      Datasets datasets,
      Collection<RawTable> rawTables,
      Set<String> rekeyed,
      Function<RawTable, Optional<FoldedState>> states) {
    this.catalog = catalog;
    this.generated = new GeneratedModels(catalog, datasets);
    this.renderer = new ModelRenderer(datasets, this::layer);
    rawTables.forEach(table -> this.rawTables.put(table.rawName(), table));
    add(catalog.get("published_epochs"));
    for (RawTable table : rawTables) {
      if (rekeyed.contains(table.rawName())) {
        skipped.put(
            table.latestName(),
            table.source()
                + " is being read anew under another key; its views stay as they are until an export has"
                + " completed that");
      } else {
        addGenerated(table, states);
      }
    }
    catalog.models().stream().filter(m -> m.kind() != Kind.SOURCE).forEach(this::add);
  }

  /** In an order in which every model comes after those that it reads. */
  public Collection<RenderedModel> models() {
    return models.values();
  }

  /** Models that cannot be, by name, each with the reason. */
  public Map<String, String> skipped() {
    return skipped;
  }

  /** Those of them that read a table which is merely called like the one that they are made for. */
  Map<String, String> ofOthers() {
    return ofOthers;
  }

  /** The raw table whose latest view this is. */
  public Optional<RawTable> latestOf(String model) {
    return rawTables.values().stream().filter(t -> t.latestName().equals(model)).findFirst();
  }

  /** The raw table whose history view this is. */
  public Optional<RawTable> historyOf(String model) {
    return rawTables.values().stream().filter(t -> t.historyName().equals(model)).findFirst();
  }

  /** The raw tables. */
  Set<String> rawNames() {
    return rawTables.keySet();
  }

  /** Whether the model is made of a raw table alone, and not from a file. */
  boolean isGenerated(String model) {
    return latestOf(model).isPresent() || historyOf(model).isPresent();
  }

  /** Where a model or raw table lives. */
  public Layer layer(String name) {
    return catalog
        .find(name)
        .map(Model::layer)
        .orElse(name.startsWith(RawNames.PREFIX) ? Layer.RAW : Layer.CURATED);
  }

  private void addGenerated(RawTable table, Function<RawTable, Optional<FoldedState>> states) {
    if (!table.hasKey()) {
      skipped.put(
          table.latestName(),
          """
          %s has no primary key (or one that BigQuery does not take), so its rows cannot be \
          told apart; query %s instead"""
              .formatted(table.source(), table.rawName()));
      return;
    }
    Optional<FoldedState> state = states.apply(table);
    addUnlessTooLong(table, generated.latest(table, state));
    addUnlessTooLong(table, generated.history(table, state));
  }

  private void addUnlessTooLong(RawTable table, RenderedModel view) {
    if (view.query().length() <= MAX_VIEW_LENGTH) {
      models.put(view.name(), view);
    } else {
      skipped.put(
          view.name(),
          "%s has so many columns that the view would be longer than BigQuery takes; query %s instead"
              .formatted(table.source(), table.rawName()));
    }
  }

  private void add(Model model) {
    if (models.containsKey(model.name()) || skipped.containsKey(model.name())) {
      return;
    }
    Optional<String> foreign = foreign(model);
    if (foreign.isPresent()) {
      ofOthers.put(model.name(), foreign.get());
      skipped.put(model.name(), foreign.get());
      return;
    }
    List<String> missing = new ArrayList<>();
    for (String reference : model.references()) {
      catalog.find(reference).filter(m -> m.kind() != Kind.SOURCE).ifPresent(this::add);
      boolean isSource = catalog.find(reference).filter(m -> m.kind() == Kind.SOURCE).isPresent();
      if (!models.containsKey(reference) && !isSource) {
        missing.add(reference);
      }
    }
    List<Model> absent =
        missing.stream().filter(model.optional()::contains).map(catalog::get).toList();
    boolean readsNothing = absent.size() == model.references().size();
    if (missing.size() == absent.size() && !readsNothing) {
      models.put(model.name(), renderer.render(model, absent));
    } else {
      skipped.put(
          model.name(), "it reads " + String.join(" and ", missing) + ", which is not there");
    }
  }

  /** A table without the key of the one that a model is made for is another one. */
  private Optional<String> foreign(Model model) {
    for (String reference : model.references()) {
      Optional<RawTable> table = latestOf(reference);
      List<String> missing = table.map(this::missingKey).orElse(List.of());
      if (!missing.isEmpty()) {
        return Optional.of(
            "%s has no column %s, which it reads"
                .formatted(table.get().source(), String.join(", ", missing)));
      }
    }
    return Optional.empty();
  }

  private List<String> missingKey(RawTable table) {
    Set<String> present = table.columns().stream().map(RawColumn::name).collect(Collectors.toSet());
    return catalog.find(table.rawName()).stream()
        .flatMap(source -> source.grain().key().stream())
        .filter(name -> !present.contains(name))
        .toList();
  }
}
