package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.Dataset;
import com.google.api.services.bigquery.model.DatasetReference;
import com.google.api.services.bigquery.model.Routine;
import com.google.api.services.bigquery.model.TableReference;
import com.google.protobuf.Message;
import com.google.zetasql.parser.ASTCreateStatementEnums.Scope;
import com.google.zetasql.parser.ASTCreateStatementProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.storage.Names;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The temporary tables and functions of one script. The tables lie in a hidden dataset, which goes
 * when the script ends.
 */
public final class Temporaries implements AutoCloseable {
  /** For views and functions, which see no temporary things. */
  public static final Temporaries NONE = new Temporaries(null, null, null);

  /** How the hidden datasets' names begin. */
  private static final String DATASET = "_script";

  /** By which a temporary table can be told from others. */
  private static final String QUALIFIER = "_SESSION";

  private final Warehouse warehouse;
  private final String project;
  private final String location;
  private final Map<String, Routine> functions = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private DatasetReference dataset;

  public Temporaries(Warehouse warehouse, String project, String location) {
    this.warehouse = warehouse;
    this.project = project;
    this.location = location;
  }

  /** Drops what scripts left behind that a crash has ended. */
  public static void clear(Warehouse warehouse) {
    for (String project : warehouse.projects()) {
      for (Dataset left : warehouse.datasets(project)) {
        String id = left.getDatasetReference().getDatasetId();
        if (id.startsWith(DATASET)) {
          warehouse.deleteDataset(project, id, true);
        }
      }
    }
  }

  public static boolean isTemporary(Message createStatement) {
    Message create = Trees.child(createStatement, "parent");
    while (create != null && !(create instanceof ASTCreateStatementProto)) {
      create = Trees.child(create, "parent");
    }
    return create instanceof ASTCreateStatementProto found && found.getScope() == Scope.TEMPORARY;
  }

  /** The temporary table that the name stands for, if there is one. */
  Optional<TableReference> table(List<String> path) {
    boolean mayBe = path.size() == 1 || path.size() == 2 && isQualifier(path.get(0));
    return dataset == null || !mayBe
        ? Optional.empty()
        : Optional.of(reference(path)).filter(table -> warehouse.table(table).isPresent());
  }

  private static boolean isQualifier(String part) {
    return part.toUpperCase(Locale.ROOT).equals(QUALIFIER);
  }

  private TableReference reference(List<String> path) {
    return Names.table(project, dataset.getDatasetId(), path.get(path.size() - 1));
  }

  /** Where a new temporary table goes. */
  public TableReference newTable(List<String> path) {
    if (this == NONE) {
      throw ApiException.invalidQuery("Use of CREATE TEMPORARY TABLE requires a script or session");
    }
    if (dataset == null) {
      DatasetReference hidden =
          new DatasetReference()
              .setProjectId(project)
              .setDatasetId(DATASET + UUID.randomUUID().toString().replace("-", ""));
      warehouse.createDataset(new Dataset().setDatasetReference(hidden).setLocation(location));
      dataset = hidden;
    }
    return reference(path);
  }

  Collection<Routine> functions() {
    return functions.values();
  }

  public void put(Routine function) {
    if (this == NONE) {
      throw ApiException.invalidQuery(
          "CREATE TEMPORARY FUNCTION statements must be followed by an actual query.");
    }
    functions.put(function.getRoutineReference().getRoutineId(), function);
  }

  public boolean hasFunction(String name) {
    return functions.containsKey(name);
  }

  public void dropFunction(String name) {
    functions.remove(name);
  }

  @Override
  public void close() {
    if (dataset != null) {
      warehouse.deleteDataset(project, dataset.getDatasetId(), true);
      dataset = null;
    }
  }
}
