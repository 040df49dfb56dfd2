package io.gkp.serve.page;

import static java.util.Objects.requireNonNull;

import io.gkp.serve.view.ModelsReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A picture of what is made of what: each model one column further right than the last one that it
 * reads.
 *
 * @param edges each the path of a line
 */
public record Lineage(int width, int height, List<Node> nodes, List<String> edges) {
  public static final int NODE_WIDTH = 190;
  public static final int NODE_HEIGHT = 28;
  private static final int COLUMN = NODE_WIDTH + 42;
  private static final int ROW = NODE_HEIGHT + 10;
  private static final int MARGIN = 4;

  /** A box. */
  public record Node(String name, String layer, boolean exists, int x, int y) {}

  static Lineage of(List<ModelsReport.Entry> models) {
    Map<String, Integer> columns = new HashMap<>();
    Map<Integer, Integer> filled = new HashMap<>();
    Map<String, Node> nodes = new LinkedHashMap<>();
    for (ModelsReport.Entry model : models) {
      int column =
          model.reads().stream().mapToInt(read -> columns.getOrDefault(read, -1)).max().orElse(-1)
              + 1;
      columns.put(model.name(), column);
      int row = filled.merge(column, 1, Integer::sum) - 1;
      nodes.put(
          model.name(),
          new Node(
              model.name(),
              model.layer(),
              model.exists(),
              MARGIN + column * COLUMN,
              MARGIN + row * ROW));
    }
    List<String> edges = new ArrayList<>();
    for (ModelsReport.Entry model : models) {
      for (String read : model.reads()) {
        Node from = nodes.get(read);
        if (from != null) {
          edges.add(edge(from, requireNonNull(nodes.get(model.name()))));
        }
      }
    }
    int width = filled.keySet().stream().mapToInt(column -> column + 1).max().orElse(0) * COLUMN;
    int height = filled.values().stream().mapToInt(rows -> rows * ROW).max().orElse(0);
    return new Lineage(
        Math.max(1, width - COLUMN + NODE_WIDTH + 2 * MARGIN),
        height + 2 * MARGIN,
        List.copyOf(nodes.values()),
        edges);
  }

  private static String edge(Node from, Node to) {
    int x1 = from.x() + NODE_WIDTH;
    int y1 = from.y() + NODE_HEIGHT / 2;
    int y2 = to.y() + NODE_HEIGHT / 2;
    return String.format(
        Locale.ROOT, "M%d %d C%d %d %d %d %d %d", x1, y1, x1 + 22, y1, to.x() - 22, y2, to.x(), y2);
  }
}
