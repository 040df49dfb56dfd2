package io.gkp.sql.render;

import io.gkp.sql.model.Check;
import io.gkp.sql.model.Cluster;
import io.gkp.sql.model.Column;
import io.gkp.sql.model.Kind;
import io.gkp.sql.model.Layer;
import io.gkp.sql.model.Layout;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A view or table whose query needs nothing filled in any more.
 *
 * @param reads names of the models and raw tables that the query reads
 */
public record RenderedModel(
    String name,
    Layer layer,
    Kind kind,
    String description,
    List<String> uniqueKey,
    Layout layout,
    List<Column> columns,
    List<Check> checks,
    Set<String> reads,
    String query) {
  /** The same, clustered otherwise. */
  public RenderedModel withCluster(Optional<Cluster> cluster) {
    Layout other = new Layout(layout.partition(), cluster);
    return new RenderedModel(
        name, layer, kind, description, uniqueKey, other, columns, checks, reads, query);
  }
}
