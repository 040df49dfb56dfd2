package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.Argument;
import com.google.api.services.bigquery.model.Dataset;
import com.google.api.services.bigquery.model.Routine;
import com.google.api.services.bigquery.model.RoutineReference;
import com.google.protobuf.Message;
import com.google.zetasql.FunctionProtos.FunctionArgumentTypeProto;
import com.google.zetasql.FunctionProtos.FunctionProto;
import com.google.zetasql.FunctionProtos.FunctionSignatureProto;
import com.google.zetasql.FunctionProtos.TableValuedFunctionProto;
import com.google.zetasql.ParseLocationRangeProto;
import com.google.zetasql.ResolvedCreateFunctionStmtProto;
import com.google.zetasql.ResolvedCreateTableFunctionStmtProto;
import com.google.zetasql.ZetaSQLFunctions.FunctionEnums.Mode;
import com.google.zetasql.ZetaSQLFunctions.FunctionEnums.TableValuedFunctionType;
import com.google.zetasql.ZetaSQLFunctions.SignatureArgumentKind;
import com.google.zetasql.ZetaSQLParser.ParseResumeLocationProto;
import com.google.zetasql.parser.ASTTablePathExpressionProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.javascript.JavaScriptFunction;
import io.gkp.localbigquery.library.LibraryFunction;
import io.gkp.localbigquery.sql.analysis.AstNodes;
import io.gkp.localbigquery.sql.analysis.Parameters;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.analysis.ZetaSql;
import io.gkp.localbigquery.sql.text.Spellings;
import io.gkp.localbigquery.sql.value.SqlTypes;
import io.gkp.localbigquery.storage.Warehouse;
import io.gkp.localbigquery.translate.JavaScriptEvaluation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * Declares functions that users defined to the analyzer, which puts their bodies in the place of
 * their calls. Tables that a body reads go by keys that no other name can be.
 */
final class UserFunctions {
  private static final String TEMPLATE = "Templated_SQL_Function";
  private static final String JAVASCRIPT = "JAVASCRIPT";
  private static final int DEEPEST = 32;

  private final ZetaSql zetaSql;
  private final Warehouse warehouse;
  private final Expander expander;

  UserFunctions(ZetaSql zetaSql, Warehouse warehouse, Expander expander) {
    this.zetaSql = zetaSql;
    this.warehouse = warehouse;
    this.expander = expander;
  }

  /** All whose names the text holds, and those that they call in turn. */
  CalledFunctions calledBy(String sql, Scope scope) {
    if (LibraryFunction.namedIn(sql).isEmpty()
        && scope.temporaries().functions().isEmpty()
        && !warehouse.hasRoutines()) {
      return CalledFunctions.NONE;
    }
    CalledFunctions called = CalledFunctions.none();
    collect(sql, scope, called, 0);
    return called;
  }

  private void collect(String sql, Scope scope, CalledFunctions called, int depth) {
    if (depth == DEEPEST) {
      throw ApiException.invalidQuery("Functions call each other more than " + DEEPEST + " deep");
    }
    for (Routine function : LibraryFunction.namedIn(sql)) {
      String name = function.getRoutineReference().getRoutineId();
      add(function, List.of(List.of(name)), Scope.insideView(scope.project()), called, depth);
    }
    String text = sql.toLowerCase(Locale.ROOT);
    for (Routine function : scope.temporaries().functions()) {
      String name = function.getRoutineReference().getRoutineId();
      if (text.contains(name.toLowerCase(Locale.ROOT))) {
        add(function, List.of(List.of(name)), scope, called, depth);
      }
    }
    for (Dataset dataset : warehouse.datasets(scope.project())) {
      for (Routine routine :
          warehouse.routines(scope.project(), dataset.getDatasetReference().getDatasetId())) {
        RoutineReference reference = routine.getRoutineReference();
        if (!routine.getRoutineType().equals(RoutineSql.PROCEDURE)
            && text.contains(reference.getRoutineId().toLowerCase(Locale.ROOT))) {
          Scope own = Scope.insideView(reference.getProjectId());
          add(routine, paths(reference, scope), own, called, depth);
        }
      }
    }
  }

  private static List<List<String>> paths(RoutineReference reference, Scope scope) {
    List<List<String>> paths = new ArrayList<>();
    String dataset = reference.getDatasetId();
    paths.add(List.of(reference.getProjectId(), dataset, reference.getRoutineId()));
    paths.add(List.of(dataset, reference.getRoutineId()));
    boolean isDefault =
        scope.defaultDataset().filter(d -> d.getDatasetId().equals(dataset)).isPresent();
    if (isDefault && !scope.temporaries().hasFunction(reference.getRoutineId())) {
      paths.add(List.of(reference.getRoutineId()));
    }
    return paths;
  }

  private void add(
      Routine routine, List<List<String>> paths, Scope scope, CalledFunctions called, int depth) {
    if (called.scalar().containsKey(paths.get(0))
        || called.tableValued().containsKey(paths.get(0))) {
      return;
    }
    if (JAVASCRIPT.equals(routine.getLanguage())) {
      addJavaScript(routine, paths, called);
      return;
    }
    if (!"SQL".equals(routine.getLanguage())) {
      throw ApiException.notImplemented("functions in " + routine.getLanguage());
    }
    Message declared =
        zetaSql.analyze(RoutineSql.declaration(routine), new Catalogs().build(), Parameters.NONE);
    boolean isTable = declared instanceof ResolvedCreateTableFunctionStmtProto;
    String body = Spellings.forZetaSql(routine.getDefinitionBody());
    // Before its body is looked at: it may call itself, which the analyzer refuses.
    for (List<String> path : paths) {
      if (isTable) {
        called.tableValued().put(path, TableValuedFunctionProto.getDefaultInstance());
      } else {
        called.scalar().put(path, FunctionProto.getDefaultInstance());
      }
    }
    collect(body, scope, called, depth + 1);
    ParseResumeLocationProto text =
        ParseResumeLocationProto.newBuilder()
            .setInput(
                isTable
                    ? tablesByKey(body, scope, called)
                    : unwrapped(tablesByKey(result(routine, body), scope, called)))
            .build();
    List<String> arguments = RoutineSql.arguments(routine).stream().map(Argument::getName).toList();
    for (List<String> path : paths) {
      if (isTable) {
        called
            .tableValued()
            .put(
                path,
                TableValuedFunctionProto.newBuilder()
                    .addAllNamePath(path)
                    .setType(TableValuedFunctionType.TEMPLATED_SQL_TVF)
                    .setSignature(
                        ofTables(((ResolvedCreateTableFunctionStmtProto) declared).getSignature()))
                    .setParseResumeLocation(text)
                    .addAllArgumentName(arguments)
                    .build());
      } else {
        FunctionSignatureProto signature =
            returning(routine, ((ResolvedCreateFunctionStmtProto) declared).getSignature());
        called
            .scalar()
            .put(
                path,
                FunctionProto.newBuilder()
                    .addAllNamePath(path)
                    .setGroup(TEMPLATE)
                    .setMode(
                        routine.getRoutineType().equals(RoutineSql.AGGREGATE)
                            ? Mode.AGGREGATE
                            : Mode.SCALAR)
                    .addSignature(signature)
                    .setParseResumeLocation(text)
                    .addAllTemplatedSqlFunctionArgumentName(arguments)
                    .build());
      }
    }
  }

  private void addJavaScript(Routine routine, List<List<String>> paths, CalledFunctions called) {
    if (!routine.getRoutineType().equals(RoutineSql.FUNCTION)) {
      throw ApiException.notImplemented("aggregate functions in JavaScript");
    }
    FunctionSignatureProto signature =
        ((ResolvedCreateFunctionStmtProto)
                zetaSql.analyze(
                    RoutineSql.declaration(routine), new Catalogs().build(), Parameters.NONE))
            .getSignature();
    JavaScriptFunction function =
        new JavaScriptFunction(
            routine.getRoutineReference().getRoutineId(),
            routine.getDefinitionBody(),
            RoutineSql.arguments(routine).stream().map(Argument::getName).toList(),
            signature.getArgumentList().stream().map(FunctionArgumentTypeProto::getType).toList(),
            signature.getReturnType().getType());
    for (List<String> path : paths) {
      called
          .scalar()
          .put(
              path,
              FunctionProto.newBuilder()
                  .addAllNamePath(path)
                  .setGroup(JavaScriptEvaluation.group(function))
                  .setMode(Mode.SCALAR)
                  .addSignature(signature)
                  .build());
    }
  }

  /** The signature with any columns as its result. */
  private static FunctionSignatureProto ofTables(FunctionSignatureProto declared) {
    return declared.toBuilder()
        .setReturnType(
            FunctionArgumentTypeProto.newBuilder()
                .setKind(SignatureArgumentKind.ARG_TYPE_RELATION)
                .setNumOccurrences(1))
        .build();
  }

  /** The signature, with the type of the body as its result where the routine declares none. */
  private static FunctionSignatureProto returning(
      Routine routine, FunctionSignatureProto declared) {
    return routine.getReturnType() != null
        ? declared
        : declared.toBuilder()
            .setReturnType(
                FunctionArgumentTypeProto.newBuilder()
                    .setKind(SignatureArgumentKind.ARG_TYPE_ARBITRARY)
                    .setNumOccurrences(1))
            .build();
  }

  /**
   * A query of what the function returns. The analyzer fails where it has to convert a STRUCT of
   * the body to the declared type by itself.
   */
  private static String result(Routine routine, String body) {
    return routine.getReturnType() == null
        ? "SELECT (" + body + "\n)"
        : "SELECT CAST((" + body + "\n) AS " + RoutineSql.sql(routine.getReturnType()) + ")";
  }

  private static String unwrapped(String query) {
    return query.substring("SELECT ".length());
  }

  /** The query with each table's key in the place of its name, and views replaced. */
  private String tablesByKey(String query, Scope scope, CalledFunctions called) {
    List<List<String>> names = zetaSql.next(query, 0).tables();
    if (names.isEmpty()) {
      return query;
    }
    TreeMap<Integer, ASTTablePathExpressionProto> reads = new TreeMap<>();
    for (var read : Trees.all(zetaSql.parse(query), ASTTablePathExpressionProto.class)) {
      if (read.hasPathExpr() && names.contains(AstNodes.names(read.getPathExpr()))) {
        reads.put(AstNodes.range(read.getPathExpr()).getStart(), read);
      }
    }
    byte[] bytes = query.getBytes(StandardCharsets.UTF_8);
    StringBuilder result = new StringBuilder();
    int position = 0;
    for (ASTTablePathExpressionProto read : reads.values()) {
      if (read.hasForSystemTime()) {
        throw ApiException.notImplemented("FOR SYSTEM_TIME AS OF");
      }
      List<String> path = AstNodes.names(read.getPathExpr());
      ParseLocationRangeProto range = AstNodes.range(read.getPathExpr());
      result.append(text(bytes, position, range.getStart()));
      result.append(byKey(expander.relation(path, scope), called));
      if (!read.hasAlias()) {
        result.append(" AS ").append(SqlTypes.quote(path.get(path.size() - 1)));
      }
      position = range.getEnd();
    }
    return result.append(text(bytes, position, bytes.length)).toString();
  }

  private static String byKey(Relation relation, CalledFunctions called) {
    if (relation instanceof Relation.View view) {
      called.tables().putAll(view.body().tables());
      called.addAll(view.body().functions());
      return view.alone();
    }
    String key = Expansion.key(relation);
    called.tables().put(key, relation);
    return SqlTypes.quote(key);
  }

  private static String text(byte[] bytes, int start, int end) {
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }
}
