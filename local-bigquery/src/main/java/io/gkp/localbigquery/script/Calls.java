package io.gkp.localbigquery.script;

import com.google.protobuf.Message;
import com.google.zetasql.ZetaSQLType.StructFieldProto;
import com.google.zetasql.ZetaSQLType.StructTypeProto;
import com.google.zetasql.ZetaSQLType.TypeKind;
import com.google.zetasql.ZetaSQLType.TypeProto;
import com.google.zetasql.parser.ASTCallStatementProto;
import com.google.zetasql.parser.ASTExecuteImmediateStatementProto;
import com.google.zetasql.parser.ASTExecuteUsingArgumentProto;
import com.google.zetasql.parser.ASTIdentifierProto;
import com.google.zetasql.parser.ASTTVFArgumentProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.AstNodes;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.statement.StatementResult;
import io.gkp.localbigquery.sql.value.Environment;
import io.gkp.localbigquery.sql.value.TypedValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** CALL and EXECUTE IMMEDIATE: other texts that a script runs. */
final class Calls {
  private final ScriptHost host;
  private final Evaluator evaluator;
  private final Interpreter interpreter;

  Calls(ScriptHost host, Evaluator evaluator, Interpreter interpreter) {
    this.host = host;
    this.evaluator = evaluator;
    this.interpreter = interpreter;
  }

  static TypeProto struct(List<TypeProto> types) {
    StructTypeProto.Builder struct = StructTypeProto.newBuilder();
    types.forEach(type -> struct.addField(StructFieldProto.newBuilder().setFieldType(type)));
    return TypeProto.newBuilder().setTypeKind(TypeKind.TYPE_STRUCT).setStructType(struct).build();
  }

  void call(ASTCallStatementProto call, Frame frame) {
    List<String> path = AstNodes.names(call.getProcedureName());
    List<Message> arguments =
        call.getArgumentsList().stream().map(argument -> expression(argument)).toList();
    if (host.callSystemProcedure(
        path, () -> arguments.stream().map(a -> evaluator.value(frame, a)).toList())) {
      return;
    }
    Procedure procedure = host.procedure(path);
    if (arguments.size() != procedure.parameters().size()) {
      throw ApiException.invalidQuery(
          "Procedure "
              + procedure.name()
              + " takes "
              + procedure.parameters().size()
              + " arguments and was given "
              + arguments.size());
    }
    if (frame.depth() == Frame.DEEPEST) {
      throw ApiException.invalidQuery(
          "Procedure calls are nested more than " + Frame.DEEPEST + " deep");
    }
    ScriptText body = new ScriptText(procedure.body(), host.parse(procedure.body()));
    body.checkDeclarations();
    Frame called = frame.procedure(body, procedure.name());
    List<Runnable> afterwards = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      pass(procedure.parameters().get(i), arguments.get(i), frame, called, afterwards);
    }
    interpreter.run(body.statements(), called);
    afterwards.forEach(Runnable::run);
  }

  private static Message expression(ASTTVFArgumentProto argument) {
    Message expression = Trees.child(argument, "expr");
    if (expression == null) {
      throw ApiException.invalidQuery("Procedures take expressions as arguments only");
    }
    return expression;
  }

  private void pass(
      Procedure.Parameter parameter,
      Message argument,
      Frame caller,
      Frame called,
      List<Runnable> afterwards) {
    String variable = parameter.out() ? variable(argument, parameter, caller) : null;
    TypeProto type =
        parameter
            .type()
            .orElseGet(
                () ->
                    variable == null
                        ? evaluator.value(caller, argument).type()
                        : caller.variables().get(variable).type());
    called
        .variables()
        .declare(
            parameter.name(),
            parameter.in() ? evaluator.as(type, caller, argument) : TypedValue.unset(type));
    if (parameter.out()) {
      TypeProto target = caller.variables().get(variable).type();
      afterwards.add(
          () ->
              evaluator.set(
                  caller,
                  variable,
                  evaluator.same(called.variables().get(parameter.name()), target)));
    }
  }

  private String variable(Message argument, Procedure.Parameter parameter, Frame caller) {
    List<String> path =
        argument.getDescriptorForType().findFieldByName("names") == null
            ? List.of()
            : AstNodes.names(argument);
    if (path.size() != 1) {
      throw ApiException.invalidQuery(
          "The argument for "
              + parameter.name()
              + ", which is OUT or INOUT, must be a variable; it is "
              + caller.source().of(argument));
    }
    return path.get(0);
  }

  void executeImmediate(ASTExecuteImmediateStatementProto dynamic, Frame frame) {
    TypedValue sql =
        evaluator.as(evaluator.type("STRING", frame), frame, Trees.child(dynamic, "sql"));
    if (sql.isNull()) {
      throw ApiException.invalidQuery("SQL created by EXECUTE IMMEDIATE cannot be NULL");
    }
    String text = sql.value().getStringValue();
    ScriptText source = new ScriptText(text, host.parse(text));
    List<Message> statements = source.statements();
    if (statements.size() != 1
        || ScriptText.isControl(statements.get(0))
        || statements.get(0) instanceof ASTExecuteImmediateStatementProto) {
      throw ApiException.invalidQuery(
          "SQL created by EXECUTE IMMEDIATE must be one statement without control flow");
    }
    Frame called = frame.dynamic(source, arguments(dynamic, frame));
    if (!dynamic.hasIntoClause()) {
      interpreter.run(statements, called);
      return;
    }
    StatementResult result = interpreter.execute(statements.get(0), called);
    into(dynamic.getIntoClause().getIdentifiers().getIdentifierListList(), result, frame);
  }

  private List<Environment.Argument> arguments(
      ASTExecuteImmediateStatementProto dynamic, Frame frame) {
    List<Environment.Argument> arguments = new ArrayList<>();
    for (ASTExecuteUsingArgumentProto argument : dynamic.getUsingClause().getArgumentsList()) {
      arguments.add(
          new Environment.Argument(
              argument.hasAlias()
                  ? Optional.of(argument.getAlias().getIdentifier().getIdString())
                  : Optional.empty(),
              evaluator.value(frame, Trees.child(argument, "expression"))));
    }
    return arguments;
  }

  private void into(List<ASTIdentifierProto> names, StatementResult result, Frame frame) {
    if (result.rows() == null) {
      throw ApiException.invalidQuery("EXECUTE IMMEDIATE ... INTO needs a query");
    }
    List<TypedValue> rows = host.rows(result);
    if (rows.size() > 1) {
      throw ApiException.invalidQuery("EXECUTE IMMEDIATE ... INTO takes at most one row");
    }
    if (result.schema().getFields().size() != names.size()) {
      throw ApiException.invalidQuery(
          "EXECUTE IMMEDIATE ... INTO has "
              + names.size()
              + " variables for "
              + result.schema().getFields().size()
              + " columns");
    }
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i).getIdString();
      TypeProto type = frame.variables().get(name).type();
      evaluator.set(
          frame,
          name,
          rows.isEmpty() ? TypedValue.unset(type) : evaluator.same(rows.get(0).field(i), type));
    }
  }
}
