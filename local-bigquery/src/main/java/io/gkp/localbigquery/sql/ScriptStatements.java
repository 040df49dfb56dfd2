package io.gkp.localbigquery.sql;

import com.google.api.services.bigquery.model.Argument;
import com.google.api.services.bigquery.model.DatasetReference;
import com.google.api.services.bigquery.model.Routine;
import com.google.api.services.bigquery.model.RoutineReference;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableReference;
import com.google.zetasql.FunctionProtos.FunctionArgumentTypeProto;
import com.google.zetasql.ResolvedCreateProcedureStmtProto;
import com.google.zetasql.ZetaSQLFunctions.SignatureArgumentKind;
import com.google.zetasql.ZetaSQLType.StructFieldProto;
import com.google.zetasql.ZetaSQLType.StructTypeProto;
import com.google.zetasql.ZetaSQLType.TypeKind;
import com.google.zetasql.ZetaSQLType.TypeProto;
import com.google.zetasql.ZetaSQLValue.ValueProto;
import com.google.zetasql.parser.ASTScriptProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.script.Procedure;
import io.gkp.localbigquery.script.ScriptHost;
import io.gkp.localbigquery.sql.analysis.Parameters;
import io.gkp.localbigquery.sql.analysis.SqlErrors;
import io.gkp.localbigquery.sql.analysis.ZetaSql;
import io.gkp.localbigquery.sql.ddl.Routines;
import io.gkp.localbigquery.sql.select.QueryRunner;
import io.gkp.localbigquery.sql.statement.Catalogs;
import io.gkp.localbigquery.sql.statement.RoutineSql;
import io.gkp.localbigquery.sql.statement.Scope;
import io.gkp.localbigquery.sql.statement.SqlRequest;
import io.gkp.localbigquery.sql.statement.StatementResult;
import io.gkp.localbigquery.sql.statement.TableName;
import io.gkp.localbigquery.sql.statement.Temporaries;
import io.gkp.localbigquery.sql.value.Environment;
import io.gkp.localbigquery.sql.value.SqlTypes;
import io.gkp.localbigquery.sql.value.TypedValue;
import io.gkp.localbigquery.sql.value.ValueEncoder;
import io.gkp.localbigquery.storage.DatabaseException;
import io.gkp.localbigquery.storage.RowCursor;
import io.gkp.localbigquery.storage.Session;
import io.gkp.localbigquery.storage.Staged;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The statements of one script, on its session and with its temporary tables and functions. */
final class ScriptStatements implements ScriptHost {
  /** What a variable, or the rows of a loop, may hold. */
  private static final int MOST_ROWS = 1_000_000;

  private static final TypeProto STRING = SqlTypes.simple(TypeKind.TYPE_STRING);

  private static final TypeProto INT64 = SqlTypes.simple(TypeKind.TYPE_INT64);

  /** NULL in what is no script. */
  private static final Map<String, TypeProto> OF_SCRIPTS =
      Map.of(
          "row_count",
          INT64,
          "script.job_id",
          STRING,
          "script.creation_time",
          SqlTypes.simple(TypeKind.TYPE_TIMESTAMP),
          "script.num_child_jobs",
          INT64,
          "script.bytes_processed",
          INT64,
          "script.bytes_billed",
          INT64,
          "script.slot_ms",
          INT64);

  private final ZetaSql zetaSql;
  private final Warehouse warehouse;
  private final Statements statements;
  private final Session session;
  private final Parameters parameters;
  private final Temporaries temporaries;
  private final String sessionId;
  private TypedValue queryLabel = TypedValue.unset(STRING);
  private Scope scope;

  ScriptStatements(
      ZetaSql zetaSql,
      Warehouse warehouse,
      Statements statements,
      Session session,
      SqlRequest request,
      Temporaries temporaries) {
    this.zetaSql = zetaSql;
    this.warehouse = warehouse;
    this.statements = statements;
    this.session = session;
    this.parameters = Parameters.of(request.parameters());
    this.temporaries = temporaries;
    this.sessionId = request.session().orElse(null);
    this.scope = Scope.of(request, temporaries);
  }

  @Override
  public ASTScriptProto parse(String sql) {
    return zetaSql.parseScript(sql);
  }

  @Override
  public String sql(TypeProto type) {
    return SqlTypes.sql(type);
  }

  @Override
  public StatementResult execute(String sql, Environment environment) {
    return execute(sql, environment, false);
  }

  StatementResult execute(String sql, Environment environment, boolean dryRun) {
    return translated(
        () -> statements.run(where(sql), sql, 0, scope, parameters.in(environment), dryRun));
  }

  /** So that the script's handlers know the error. */
  private static <T> T translated(Supplier<T> work) {
    try {
      return work.get();
    } catch (DatabaseException e) {
      throw SqlErrors.translate(e);
    }
  }

  /**
   * What reads no table runs outside of a transaction: an error would end that in DuckDB, and does
   * not in BigQuery.
   */
  private Session where(String sql) {
    return session.inTransaction() && !statements.readsTables(sql, scope)
        ? session.companion()
        : session;
  }

  @Override
  public List<TypedValue> rows(String query, Environment environment) {
    return translated(
        () -> {
          QueryRunner.Result result =
              statements.query(where(query), query, scope, parameters.in(environment));
          return rows(result.type(), result.rows());
        });
  }

  @Override
  public List<TypedValue> rows(StatementResult result) {
    return rows(type(result.schema().getFields()), result.rows());
  }

  private static TypeProto type(List<TableFieldSchema> fields) {
    StructTypeProto.Builder struct = StructTypeProto.newBuilder();
    for (TableFieldSchema field : fields) {
      struct.addField(
          StructFieldProto.newBuilder()
              .setFieldName(field.getName())
              .setFieldType(SqlTypes.of(field)));
    }
    return TypeProto.newBuilder().setTypeKind(TypeKind.TYPE_STRUCT).setStructType(struct).build();
  }

  private static List<TypedValue> rows(TypeProto type, Staged staged) {
    if (staged.rows() > MOST_ROWS) {
      throw new ApiException(
          403, "responseTooLarge", "A script takes at most " + MOST_ROWS + " rows from a query");
    }
    List<TypedValue> rows = new ArrayList<>();
    try (RowCursor cursor = staged.read()) {
      cursor.forEachRemaining(
          row -> rows.add(new TypedValue(type, ValueEncoder.encode(type, row))));
    }
    return rows;
  }

  @Override
  public void begin() {
    if (session.inTransaction()) {
      throw ApiException.invalidQuery("Cannot begin a nested transaction");
    }
    session.begin();
  }

  @Override
  public void commit() {
    requireTransaction("commit");
    warehouse.commit(session);
  }

  @Override
  public void rollback() {
    requireTransaction("rollback");
    session.rollback();
  }

  private void requireTransaction(String what) {
    if (!session.inTransaction()) {
      throw ApiException.invalidQuery("Cannot " + what + " without an active transaction");
    }
  }

  @Override
  public Procedure procedure(List<String> path) {
    RoutineReference reference = Routines.reference(path, scope);
    Routine routine =
        warehouse
            .routine(reference)
            .filter(known -> known.getRoutineType().equals(RoutineSql.PROCEDURE))
            .orElseThrow(
                () ->
                    ApiException.invalidQuery(
                        "Procedure not found: " + String.join(".", TableName.parts(path))));
    if (!"SQL".equals(routine.getLanguage())) {
      throw ApiException.notImplemented("procedures in " + routine.getLanguage());
    }
    var declared =
        (ResolvedCreateProcedureStmtProto)
            zetaSql.analyze(
                RoutineSql.declaration(routine), new Catalogs().build(), Parameters.NONE);
    List<Procedure.Parameter> all = new ArrayList<>();
    List<Argument> arguments = RoutineSql.arguments(routine);
    for (int i = 0; i < arguments.size(); i++) {
      FunctionArgumentTypeProto argument = declared.getSignature().getArgument(i);
      String mode = arguments.get(i).getMode() == null ? "IN" : arguments.get(i).getMode();
      all.add(
          new Procedure.Parameter(
              arguments.get(i).getName(),
              argument.getKind() == SignatureArgumentKind.ARG_TYPE_FIXED
                  ? Optional.of(argument.getType())
                  : Optional.empty(),
              !mode.equals("OUT"),
              !mode.equals("IN")));
    }
    String name =
        reference.getProjectId() + "." + reference.getDatasetId() + "." + reference.getRoutineId();
    return new Procedure(name, all, routine.getDefinitionBody());
  }

  @Override
  public boolean callSystemProcedure(List<String> path, Supplier<List<TypedValue>> arguments) {
    if (path.size() < 2 || !path.get(0).equalsIgnoreCase("BQ")) {
      return false;
    }
    String name = String.join(".", path).toUpperCase(Locale.ROOT);
    if (!name.equals("BQ.REFRESH_MATERIALIZED_VIEW")) {
      throw ApiException.notImplemented(name);
    }
    // A materialized view is always fresh; it has to be one.
    String view = arguments.get().get(0).value().getStringValue();
    TableReference reference = TableName.of(List.of(view), scope).reference();
    boolean isOne =
        warehouse.table(reference).filter(t -> t.getMaterializedView() != null).isPresent();
    if (!isOne) {
      throw ApiException.invalidQuery(TableName.display(reference) + " is not a materialized view");
    }
    return true;
  }

  @Override
  public void setSystemVariable(String path, TypedValue value) {
    String text = value.value().getStringValue();
    DatasetReference known = scope.defaultDataset().orElseGet(DatasetReference::new);
    switch (path.toLowerCase(Locale.ROOT)) {
      case "dataset_id" ->
          scope =
              new Scope(
                  scope.project(),
                  Optional.of(
                      new DatasetReference()
                          .setProjectId(
                              known.getProjectId() == null ? scope.project() : known.getProjectId())
                          .setDatasetId(text)),
                  temporaries);
      case "time_zone" -> {
        if (!text.equalsIgnoreCase("UTC")) {
          throw ApiException.notImplemented("another @@time_zone than UTC");
        }
      }
      case "query_label" -> queryLabel = value;
      default -> throw ApiException.notImplemented("setting @@" + path);
    }
  }

  @Override
  public Map<String, TypedValue> systemVariables() {
    Map<String, TypedValue> variables = new HashMap<>();
    OF_SCRIPTS.forEach((path, type) -> variables.put(path, TypedValue.unset(type)));
    variables.put("query_label", queryLabel);
    Optional<DatasetReference> dataset = scope.defaultDataset();
    variables.put("time_zone", text("UTC"));
    variables.put("project_id", text(scope.project()));
    variables.put("session_id", text(sessionId));
    variables.put("dataset_id", text(dataset.map(DatasetReference::getDatasetId).orElse(null)));
    variables.put(
        "dataset_project_id",
        text(dataset.map(DatasetReference::getProjectId).orElse(scope.project())));
    return variables;
  }

  private static TypedValue text(String text) {
    return new TypedValue(
        STRING,
        text == null
            ? ValueProto.getDefaultInstance()
            : ValueProto.newBuilder().setStringValue(text).build());
  }
}
