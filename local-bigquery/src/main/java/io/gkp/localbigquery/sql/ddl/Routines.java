package io.gkp.localbigquery.sql.ddl;

import com.google.api.services.bigquery.model.Routine;
import com.google.api.services.bigquery.model.RoutineReference;
import com.google.protobuf.Message;
import com.google.zetasql.FunctionProtos.FunctionSignatureProto;
import com.google.zetasql.ResolvedCreateFunctionStmtProto;
import com.google.zetasql.ResolvedCreateProcedureStmtProto;
import com.google.zetasql.ResolvedCreateStatementProto;
import com.google.zetasql.ResolvedCreateTableFunctionStmtProto;
import com.google.zetasql.ResolvedDropFunctionStmtProto;
import com.google.zetasql.ResolvedDropStmtProto;
import com.google.zetasql.ResolvedDropTableFunctionStmtProto;
import com.google.zetasql.ResolvedOptionProto;
import com.google.zetasql.ZetaSQLFunctions.SignatureArgumentKind;
import com.google.zetasql.resolvedast.ResolvedCreateStatementEnums.CreateMode;
import com.google.zetasql.resolvedast.ResolvedCreateStatementEnums.CreateScope;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.ZetaSql;
import io.gkp.localbigquery.sql.statement.RoutineSql;
import io.gkp.localbigquery.sql.statement.Scope;
import io.gkp.localbigquery.sql.statement.Statement;
import io.gkp.localbigquery.sql.statement.StatementResult;
import io.gkp.localbigquery.sql.statement.TableName;
import io.gkp.localbigquery.sql.statement.Temporaries;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** CREATE and DROP of functions, table functions and procedures. */
public final class Routines {
  public static final String CREATE_PROCEDURE = "CREATE_PROCEDURE";

  private final ZetaSql zetaSql;
  private final Warehouse warehouse;

  public Routines(ZetaSql zetaSql, Warehouse warehouse) {
    this.zetaSql = zetaSql;
    this.warehouse = warehouse;
  }

  /** The statement's result, where it is one of these. */
  public Optional<StatementResult> run(Message statement, Statement context) {
    if (statement instanceof ResolvedCreateFunctionStmtProto create) {
      return Optional.of(createFunction(create, context));
    }
    if (statement instanceof ResolvedCreateTableFunctionStmtProto create) {
      Routine routine =
          routine(RoutineSql.TABLE_FUNCTION, create.getSignature())
              .setLanguage(language(create.getLanguage()))
              .setDefinitionBody(create.getCode());
      describe(routine, create.getOptionListList(), context);
      return Optional.of(create("CREATE_TABLE_FUNCTION", create.getParent(), routine, context));
    }
    if (statement instanceof ResolvedCreateProcedureStmtProto create) {
      Routine routine =
          routine(RoutineSql.PROCEDURE, create.getSignature())
              .setLanguage(language(create.getLanguage()))
              .setDefinitionBody(create.getProcedureBody());
      if (create.getProcedureBody().isEmpty()) {
        throw ApiException.notImplemented("procedures in other languages than SQL");
      }
      describe(routine, create.getOptionListList(), context);
      return Optional.of(create(CREATE_PROCEDURE, create.getParent(), routine, context));
    }
    if (statement instanceof ResolvedDropFunctionStmtProto drop) {
      return Optional.of(
          drop("DROP_FUNCTION", drop.getNamePathList(), drop.getIsIfExists(), context));
    }
    if (statement instanceof ResolvedDropTableFunctionStmtProto drop) {
      return Optional.of(
          drop("DROP_TABLE_FUNCTION", drop.getNamePathList(), drop.getIsIfExists(), context));
    }
    if (statement instanceof ResolvedDropStmtProto drop
        && drop.getObjectType().equalsIgnoreCase("PROCEDURE")) {
      return Optional.of(
          drop("DROP_PROCEDURE", drop.getNamePathList(), drop.getIsIfExists(), context));
    }
    return Optional.empty();
  }

  private StatementResult createFunction(
      ResolvedCreateFunctionStmtProto create, Statement context) {
    if (create.getIsRemote()) {
      throw ApiException.notImplemented("remote functions");
    }
    Routine routine =
        routine(
                create.getIsAggregate() ? RoutineSql.AGGREGATE : RoutineSql.FUNCTION,
                create.getSignature())
            .setLanguage(language(create.getLanguage()))
            .setDefinitionBody(create.getCode());
    boolean hasType =
        create.getSignature().getReturnType().getKind() == SignatureArgumentKind.ARG_TYPE_FIXED;
    if (hasType) {
      routine.setReturnType(RoutineSql.type(create.getReturnType()));
    }
    describe(routine, create.getOptionListList(), context);
    if (create.getParent().getCreateScope() != CreateScope.CREATE_TEMP) {
      return create("CREATE_FUNCTION", create.getParent(), routine, context);
    }
    List<String> path = create.getParent().getNamePathList();
    if (path.size() > 1) {
      throw ApiException.invalidQuery("Temporary functions cannot be qualified with a dataset");
    }
    RoutineReference reference =
        new RoutineReference().setProjectId(context.scope().project()).setRoutineId(path.get(0));
    Temporaries temporaries = context.scope().temporaries();
    boolean exists = temporaries.hasFunction(path.get(0));
    CreateMode mode = create.getParent().getCreateMode();
    if (exists && mode == CreateMode.CREATE_DEFAULT) {
      throw ApiException.invalidQuery("Already Exists: Routine " + path.get(0));
    }
    if (!exists || mode == CreateMode.CREATE_OR_REPLACE) {
      temporaries.put(routine.setRoutineReference(reference));
    }
    return result("CREATE_FUNCTION", exists ? "REPLACE" : "CREATE", reference);
  }

  private static String language(String given) {
    String language = given.isEmpty() ? "SQL" : given.toUpperCase(Locale.ROOT);
    return language.equals("JS") ? "JAVASCRIPT" : language;
  }

  private static Routine routine(String type, FunctionSignatureProto signature) {
    return new Routine().setRoutineType(type).setArguments(RoutineSql.arguments(signature));
  }

  private void describe(Routine routine, List<ResolvedOptionProto> given, Statement context) {
    Options options =
        Options.of(zetaSql, context.sql(), given, "description", "library", "strict_mode");
    if (options.has("library")) {
      throw ApiException.notImplemented("libraries of functions");
    }
    options.text("description", routine::setDescription);
  }

  private StatementResult create(
      String type, ResolvedCreateStatementProto create, Routine routine, Statement context) {
    RoutineReference reference = reference(create.getNamePathList(), context.scope());
    if (warehouse.dataset(reference.getProjectId(), reference.getDatasetId()).isEmpty()) {
      throw ApiException.notFound(
          "Not found: Dataset " + reference.getProjectId() + ":" + reference.getDatasetId());
    }
    boolean exists = warehouse.routine(reference).isPresent();
    if (exists && create.getCreateMode() == CreateMode.CREATE_IF_NOT_EXISTS) {
      return result(type, "SKIP", reference);
    }
    if (exists && create.getCreateMode() != CreateMode.CREATE_OR_REPLACE) {
      throw ApiException.duplicate("Already Exists: Routine " + display(reference));
    }
    if (!context.dryRun()) {
      warehouse.putRoutine(routine.setRoutineReference(reference));
    }
    return result(type, exists ? "REPLACE" : "CREATE", reference);
  }

  private StatementResult drop(
      String type, List<String> path, boolean ifExists, Statement context) {
    Temporaries temporaries = context.scope().temporaries();
    if (path.size() == 1 && temporaries.hasFunction(path.get(0))) {
      temporaries.dropFunction(path.get(0));
      return result(type, "DROP", new RoutineReference().setRoutineId(path.get(0)));
    }
    RoutineReference reference = reference(path, context.scope());
    boolean exists =
        warehouse
            .routine(reference)
            .filter(routine -> type.equals(dropping(routine.getRoutineType())))
            .isPresent();
    if (!exists && !ifExists) {
      throw ApiException.notFound("Not found: Routine " + display(reference));
    }
    if (exists && !context.dryRun()) {
      warehouse.deleteRoutine(reference);
    }
    return result(type, exists ? "DROP" : "SKIP", reference);
  }

  private static String dropping(String routineType) {
    return switch (routineType) {
      case RoutineSql.PROCEDURE -> "DROP_PROCEDURE";
      case RoutineSql.TABLE_FUNCTION -> "DROP_TABLE_FUNCTION";
      default -> "DROP_FUNCTION";
    };
  }

  private static StatementResult result(String type, String operation, RoutineReference reference) {
    return new StatementResult(
        type, null, null, null, 0, List.of(), null, operation, null, reference, List.of());
  }

  /** Throws {@code invalidQuery} for a name that cannot be one of a routine. */
  public static RoutineReference reference(List<String> path, Scope scope) {
    List<String> parts = TableName.parts(path);
    RoutineReference reference =
        new RoutineReference()
            .setProjectId(scope.project())
            .setRoutineId(parts.get(parts.size() - 1));
    switch (parts.size()) {
      case 1:
        var dataset =
            scope
                .defaultDataset()
                .orElseThrow(
                    () ->
                        ApiException.invalidQuery(
                            "Routine name \""
                                + parts.get(0)
                                + "\" missing dataset while no default dataset is set in the"
                                + " request."));
        return reference
            .setProjectId(dataset.getProjectId() == null ? scope.project() : dataset.getProjectId())
            .setDatasetId(dataset.getDatasetId());
      case 2:
        return reference.setDatasetId(parts.get(0));
      case 3:
        return reference.setProjectId(parts.get(0)).setDatasetId(parts.get(1));
      default:
        throw ApiException.invalidQuery("Invalid routine name: " + String.join(".", path));
    }
  }

  static String display(RoutineReference routine) {
    return routine.getProjectId() + ":" + routine.getDatasetId() + "." + routine.getRoutineId();
  }
}
