package io.gkp.sql.run;

import com.google.cloud.bigquery.BigQuery;
import io.gkp.raw.RawNames;
import io.gkp.sql.changelog.ChangelogQueries;
import io.gkp.sql.changelog.Compaction;
import io.gkp.sql.changelog.FoldedState;
import io.gkp.sql.changelog.GeneratedModels;
import io.gkp.sql.changelog.Watermark;
import io.gkp.sql.model.Kind;
import io.gkp.sql.model.Model;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.render.Ddl;
import io.gkp.sql.warehouse.RawColumn;
import io.gkp.sql.warehouse.RawTable;
import io.gkp.sql.warehouse.Warehouse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The raw tables and the models on them, of a warehouse or as documented. */
public record ModelSource(
    Datasets datasets, List<RawTable> rawTables, ModelSet models, Map<String, FoldedState> states) {
  /** As they are in the warehouse. */
  public static ModelSource live(ModelCatalog catalog, Datasets datasets, BigQuery client) {
    Warehouse warehouse = new Warehouse(client, datasets);
    Compaction compaction =
        new Compaction(
            warehouse.jobs(Optional.empty()),
            warehouse,
            new ChangelogQueries(datasets),
            new GeneratedModels(catalog, datasets),
            new Ddl(datasets));
    List<RawTable> tables = warehouse.rawTables();
    Map<String, FoldedState> states = new HashMap<>();
    for (RawTable table : tables) {
      compaction.state(table).ifPresent(state -> states.put(table.rawName(), state));
    }
    return new ModelSource(
        datasets,
        tables,
        new ModelSet(
            catalog, datasets, tables, table -> Optional.ofNullable(states.get(table.rawName()))),
        states);
  }

  /** What the table's latest view starts from; empty where nothing was ever folded. */
  public Optional<Watermark> watermark(RawTable table) {
    return Optional.ofNullable(states.get(table.rawName())).map(FoldedState::watermark);
  }

  /** As the platform's tables are documented, with nothing folded yet. */
  public static ModelSource documented(ModelCatalog catalog, Datasets datasets) {
    List<RawTable> tables =
        catalog.models().stream()
            .filter(m -> m.kind() == Kind.SOURCE && m.name().startsWith(RawNames.PREFIX))
            .map(ModelSource::documented)
            .toList();
    return new ModelSource(
        datasets,
        tables,
        new ModelSet(catalog, datasets, tables, table -> Optional.empty()),
        Map.of());
  }

  private static RawTable documented(Model source) {
    String table = source.name().substring(RawNames.PREFIX.length());
    List<RawColumn> columns =
        source.columns().stream().map(c -> new RawColumn(c.name(), c.type(), "")).toList();
    return new RawTable(table, table, columns, source.grain().key());
  }
}
