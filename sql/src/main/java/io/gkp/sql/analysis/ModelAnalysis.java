package io.gkp.sql.analysis;

import io.gkp.raw.CdcColumn;
import io.gkp.raw.RawNames;
import io.gkp.sql.changelog.ChangelogColumns;
import io.gkp.sql.model.Column;
import io.gkp.sql.model.Kind;
import io.gkp.sql.model.Layer;
import io.gkp.sql.model.Model;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.render.CheckQueries;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.render.RenderedModel;
import io.gkp.sql.warehouse.RawTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Type-checks models, each against the raw tables and the models before it, and compares what they
 * return with what their metadata says.
 */
public final class ModelAnalysis {
  private final GoogleSqlAnalyzer analyzer = new GoogleSqlAnalyzer();
  private final Datasets datasets;
  private final CheckQueries checks;

  /** Whether this class path has the analyzer; nothing of this class may be asked for without. */
  public static boolean isPossible() {
    return ModelAnalysis.class.getClassLoader().getResource("com/google/zetasql/Analyzer.class")
        != null;
  }

  /**
   * @param layers tells the layer of a model that a check names
   */
  public ModelAnalysis(
      ModelCatalog catalog,
      Datasets datasets,
      Collection<RawTable> rawTables,
      Function<String, Layer> layers) {
    this.datasets = datasets;
    this.checks = new CheckQueries(datasets, layers);
    for (Model model : catalog.models()) {
      if (model.kind() == Kind.SOURCE && !model.name().startsWith(RawNames.PREFIX)) {
        analyzer.add(datasets.path(Layer.RAW, model.name()), model.columns());
      }
    }
    for (RawTable table : rawTables) {
      List<Column> columns = new ArrayList<>();
      table.columns().forEach(c -> columns.add(new Column(c.name(), c.type(), "")));
      columns.addAll(ChangelogColumns.RAW);
      analyzer.add(datasets.path(Layer.RAW, table.rawName()), columns);
      if (table.hasKey()) {
        List<Column> state = new ArrayList<>(columns);
        state.removeIf(c -> CdcColumn.isOne(c.name()));
        state.addAll(ChangelogColumns.LATEST);
        analyzer.add(datasets.path(Layer.CURATED, table.stateName()), state);
      }
    }
  }

  /** The problem of each model that has one, by name; the models come in dependency order. */
  public Map<String, String> problems(Collection<RenderedModel> models) {
    Map<String, String> problems = new LinkedHashMap<>();
    for (RenderedModel model : models) {
      try {
        List<Column> actual = analyzer.columnsOf(model.query());
        String expected = Signature.of(model.columns());
        if (!Signature.of(actual).equals(expected)) {
          problems.put(
              model.name(), "returns " + Signature.of(actual) + " but is to return " + expected);
        }
      } catch (InvalidQueryException e) {
        problems.put(model.name(), e.getMessage());
      }
      // What reads a model sees what the model says of itself, whether that is so or not.
      analyzer.add(datasets.path(model.layer(), model.name()), model.columns());
    }
    for (RenderedModel model : models) {
      if (!model.checks().isEmpty() && !problems.containsKey(model.name())) {
        try {
          analyzer.columnsOf(checks.failures(model));
        } catch (InvalidQueryException e) {
          problems.put(model.name(), "its checks: " + e.getMessage());
        }
      }
    }
    return problems;
  }
}
