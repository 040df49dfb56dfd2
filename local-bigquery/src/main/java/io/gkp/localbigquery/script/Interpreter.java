package io.gkp.localbigquery.script;

import com.google.api.services.bigquery.model.TableReference;
import com.google.protobuf.Message;
import com.google.zetasql.ZetaSQLType.TypeProto;
import com.google.zetasql.parser.ASTAssertStatementProto;
import com.google.zetasql.parser.ASTAssignmentFromStructProto;
import com.google.zetasql.parser.ASTBeginEndBlockProto;
import com.google.zetasql.parser.ASTBeginStatementProto;
import com.google.zetasql.parser.ASTBreakContinueStatementProto;
import com.google.zetasql.parser.ASTBreakStatementProto;
import com.google.zetasql.parser.ASTCallStatementProto;
import com.google.zetasql.parser.ASTCaseStatementProto;
import com.google.zetasql.parser.ASTCommitStatementProto;
import com.google.zetasql.parser.ASTContinueStatementProto;
import com.google.zetasql.parser.ASTElseifClauseProto;
import com.google.zetasql.parser.ASTExceptionHandlerProto;
import com.google.zetasql.parser.ASTExecuteImmediateStatementProto;
import com.google.zetasql.parser.ASTForInStatementProto;
import com.google.zetasql.parser.ASTIdentifierProto;
import com.google.zetasql.parser.ASTIfStatementProto;
import com.google.zetasql.parser.ASTLabelProto;
import com.google.zetasql.parser.ASTLoopStatementProto;
import com.google.zetasql.parser.ASTParameterAssignmentProto;
import com.google.zetasql.parser.ASTRaiseStatementProto;
import com.google.zetasql.parser.ASTRepeatStatementProto;
import com.google.zetasql.parser.ASTReturnStatementProto;
import com.google.zetasql.parser.ASTRollbackStatementProto;
import com.google.zetasql.parser.ASTSingleAssignmentProto;
import com.google.zetasql.parser.ASTStatementListProto;
import com.google.zetasql.parser.ASTSystemVariableAssignmentProto;
import com.google.zetasql.parser.ASTVariableDeclarationProto;
import com.google.zetasql.parser.ASTWhenThenClauseProto;
import com.google.zetasql.parser.ASTWhileStatementProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.AstNodes;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.statement.StatementResult;
import io.gkp.localbigquery.sql.value.TypedValue;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Runs one script. */
public final class Interpreter {
  private final ScriptHost host;
  private final Steps steps;
  private final ScriptErrors errors = new ScriptErrors();
  private final Evaluator evaluator;
  private final Calls calls;
  private final Set<TableReference> referenced = new LinkedHashSet<>();
  private StatementResult last;
  private long bytes;
  private int children;
  private boolean inTransaction;

  public Interpreter(ScriptHost host, Steps steps) {
    this.host = host;
    this.steps = steps;
    this.evaluator = new Evaluator(host, errors);
    this.calls = new Calls(host, evaluator, this);
  }

  /**
   * Reports what all statements read, and returns the rows of the last one that is neither control
   * flow nor an assignment.
   */
  public StatementResult run(ScriptText script) {
    return run(script, new HashMap<>());
  }

  /**
   * As {@link #run(ScriptText)}, in a session.
   *
   * @param variables of the session, by name in lower case; the script leaves its own there
   */
  public StatementResult run(ScriptText script, Map<String, TypedValue> variables) {
    script.checkDeclarations();
    evaluator.know("script.job_id", steps.jobId());
    Variables all = new Variables(variables);
    run(script.statements(), Frame.script(script, all)).ifPresent(Jump::checkEndsText);
    variables.putAll(all.visible());
    boolean hasRows = last != null && last.rows() != null;
    return StatementResult.script(
        hasRows ? last.schema() : null,
        hasRows ? last.rows() : null,
        bytes,
        List.copyOf(referenced));
  }

  private Optional<Jump> run(ASTStatementListProto list, Frame frame) {
    return run(Trees.children(list, "statement_list"), frame);
  }

  Optional<Jump> run(List<Message> statements, Frame frame) {
    for (Message statement : statements) {
      steps.checkGoesOn();
      Optional<Jump> jump = located(statement, frame);
      if (jump.isPresent()) {
        return jump;
      }
    }
    return Optional.empty();
  }

  /** Tells the errors that pass where they passed. */
  private Optional<Jump> located(Message statement, Frame frame) {
    try {
      return run(statement, frame);
    } catch (ApiException e) {
      int start = AstNodes.range(statement).getStart();
      ScriptText source = frame.source();
      errors.passing(
          e,
          source.statement(statement).strip(),
          new ScriptErrors.Place(frame.name(), source.line(start), source.column(start)));
      throw e;
    }
  }

  private Optional<Jump> run(Message statement, Frame frame) {
    if (statement instanceof ASTBeginEndBlockProto block) {
      return block(block, frame);
    }
    if (statement instanceof ASTIfStatementProto branches) {
      return ifThen(branches, frame);
    }
    if (statement instanceof ASTCaseStatementProto branches) {
      return caseWhen(branches, frame);
    }
    if (statement instanceof ASTWhileStatementProto loop) {
      Message condition = Trees.child(loop, "condition");
      return loop(
          loop.getParent(),
          frame,
          () -> condition == null || evaluator.isTrue(frame, condition),
          () -> true);
    }
    if (statement instanceof ASTRepeatStatementProto loop) {
      Message until = Trees.child(loop.getUntilClause(), "condition");
      return loop(loop.getParent(), frame, () -> true, () -> !evaluator.isTrue(frame, until));
    }
    if (statement instanceof ASTForInStatementProto loop) {
      return forIn(loop, frame);
    }
    if (statement instanceof ASTBreakStatementProto jump) {
      return Optional.of(jump(Jump.Kind.BREAK, jump.getParent()));
    }
    if (statement instanceof ASTContinueStatementProto jump) {
      return Optional.of(jump(Jump.Kind.CONTINUE, jump.getParent()));
    }
    if (statement instanceof ASTReturnStatementProto) {
      return Optional.of(Jump.RETURN);
    }
    straight(statement, frame);
    return Optional.empty();
  }

  /** Statements after which the next one follows. */
  private void straight(Message statement, Frame frame) {
    if (statement instanceof ASTVariableDeclarationProto declaration) {
      declare(declaration, frame);
    } else if (statement instanceof ASTSingleAssignmentProto assignment) {
      String name = assignment.getVariable().getIdString();
      TypeProto type = frame.variables().get(name).type();
      evaluator.set(frame, name, evaluator.as(type, frame, Trees.child(assignment, "expression")));
    } else if (statement instanceof ASTAssignmentFromStructProto assignment) {
      assign(assignment, frame);
    } else if (statement instanceof ASTSystemVariableAssignmentProto assignment) {
      host.setSystemVariable(
          String.join(".", AstNodes.names(assignment.getSystemVariable().getPath())),
          evaluator.value(frame, Trees.child(assignment, "expression")));
    } else if (statement instanceof ASTParameterAssignmentProto) {
      throw ApiException.invalidQuery("Query parameters cannot be assigned");
    } else if (statement instanceof ASTRaiseStatementProto raise) {
      throw raised(raise, frame);
    } else if (statement instanceof ASTAssertStatementProto assertion) {
      check(assertion, frame);
    } else if (statement instanceof ASTExecuteImmediateStatementProto dynamic) {
      calls.executeImmediate(dynamic, frame);
    } else if (statement instanceof ASTCallStatementProto call) {
      calls.call(call, frame);
    } else if (statement instanceof ASTBeginStatementProto) {
      host.begin();
      inTransaction = true;
    } else if (statement instanceof ASTCommitStatementProto) {
      host.commit();
      inTransaction = false;
    } else if (statement instanceof ASTRollbackStatementProto) {
      host.rollback();
      inTransaction = false;
    } else {
      execute(statement, frame);
    }
  }

  StatementResult execute(Message statement, Frame frame) {
    Steps.Step step = frame.source().step(statement);
    StatementResult result;
    try {
      result = host.execute(frame.source().statement(statement), evaluator.environment(frame));
    } catch (ApiException e) {
      evaluator.count("script.num_child_jobs", ++children);
      steps.failed(step, e);
      throw e;
    }
    steps.done(step, result, inTransaction);
    last = result;
    bytes += result.bytesProcessed();
    referenced.addAll(result.referencedTables());
    evaluator.count("row_count", result.affectedRows());
    evaluator.count("script.num_child_jobs", ++children);
    evaluator.count("script.bytes_processed", bytes);
    evaluator.count("script.bytes_billed", bytes);
    return result;
  }

  private Optional<Jump> block(ASTBeginEndBlockProto block, Frame frame) {
    Optional<Jump> jump;
    if (!block.hasHandlerList()) {
      jump = scoped(block.getStatementListNode(), frame);
    } else {
      try {
        jump = scoped(block.getStatementListNode(), frame);
      } catch (ApiException e) {
        if (!ScriptErrors.canBeHandled(e)) {
          throw e;
        }
        jump = handle(e, block.getHandlerList().getExceptionHandlerList(0), frame);
      }
    }
    Optional<String> label = label(block.hasLabel(), block.getLabel());
    return jump.filter(way -> !way.breaks(label, false));
  }

  private Optional<Jump> handle(ApiException error, ASTExceptionHandlerProto handler, Frame frame) {
    errors.handle(error);
    try {
      return scoped(handler.getStatementList(), frame);
    } finally {
      errors.handled();
    }
  }

  private Optional<Jump> scoped(ASTStatementListProto list, Frame frame) {
    frame.variables().enter();
    try {
      return run(list, frame);
    } finally {
      frame.variables().leave();
    }
  }

  private void declare(ASTVariableDeclarationProto declaration, Frame frame) {
    Message written = Trees.child(declaration, "type");
    Message initial = Trees.child(declaration, "default_value");
    TypedValue value;
    if (written == null) {
      value = evaluator.value(frame, initial);
    } else {
      TypeProto type = evaluator.type(frame.source().of(written), frame);
      value = initial == null ? TypedValue.unset(type) : evaluator.as(type, frame, initial);
    }
    for (ASTIdentifierProto name : declaration.getVariableList().getIdentifierListList()) {
      frame.variables().declare(name.getIdString(), value);
      if (written != null && Evaluator.isLimited(frame.source().of(written))) {
        frame.variables().limit(name.getIdString(), frame.source().of(written));
        evaluator.set(frame, name.getIdString(), value);
      }
    }
  }

  private void assign(ASTAssignmentFromStructProto assignment, Frame frame) {
    List<ASTIdentifierProto> names = assignment.getVariables().getIdentifierListList();
    List<TypeProto> types =
        names.stream().map(name -> frame.variables().get(name.getIdString()).type()).toList();
    TypedValue struct =
        evaluator.as(Calls.struct(types), frame, Trees.child(assignment, "struct_expression"));
    if (struct.isNull()) {
      throw ApiException.invalidQuery("Cannot assign fields of a NULL STRUCT to variables");
    }
    for (int i = 0; i < names.size(); i++) {
      evaluator.set(frame, names.get(i).getIdString(), struct.field(i));
    }
  }

  private Optional<Jump> ifThen(ASTIfStatementProto branches, Frame frame) {
    if (evaluator.isTrue(frame, Trees.child(branches, "condition"))) {
      return run(branches.getThenList(), frame);
    }
    for (ASTElseifClauseProto branch : branches.getElseifClauses().getElseifClausesList()) {
      if (evaluator.isTrue(frame, Trees.child(branch, "condition"))) {
        return run(branch.getBody(), frame);
      }
    }
    return run(branches.getElseList(), frame);
  }

  private Optional<Jump> caseWhen(ASTCaseStatementProto branches, Frame frame) {
    Message value = Trees.child(branches, "expression");
    for (ASTWhenThenClauseProto branch : branches.getWhenThenClauses().getWhenThenClausesList()) {
      Message condition = Trees.child(branch, "condition");
      if (value == null
          ? evaluator.isTrue(frame, condition)
          : evaluator.areEqual(frame, value, condition)) {
        return run(branch.getBody(), frame);
      }
    }
    return run(branches.getElseList(), frame);
  }

  private Optional<Jump> loop(
      ASTLoopStatementProto loop, Frame frame, Supplier<Boolean> before, Supplier<Boolean> after) {
    Optional<String> label = label(loop.hasLabel(), loop.getLabel());
    while (before.get()) {
      steps.checkGoesOn();
      Optional<Jump> jump = scoped(loop.getBody(), frame);
      if (jump.isPresent() && jump.get().breaks(label, true)) {
        return Optional.empty();
      }
      if (jump.isPresent() && !jump.get().continues(label)) {
        return jump;
      }
      if (!after.get()) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private Optional<Jump> forIn(ASTForInStatementProto loop, Frame frame) {
    List<TypedValue> rows =
        host.rows(frame.source().statement(loop.getQuery()), evaluator.environment(frame));
    int[] next = {0};
    frame.variables().enter();
    try {
      return loop(
          loop.getParent(),
          frame,
          () -> {
            if (next[0] == rows.size()) {
              return false;
            }
            frame.variables().define(loop.getVariable().getIdString(), rows.get(next[0]++));
            return true;
          },
          () -> true);
    } finally {
      frame.variables().leave();
    }
  }

  private static Jump jump(Jump.Kind kind, ASTBreakContinueStatementProto statement) {
    return new Jump(kind, label(statement.hasLabel(), statement.getLabel()));
  }

  private static Optional<String> label(boolean has, ASTLabelProto label) {
    return has ? Optional.of(label.getName().getIdString()) : Optional.empty();
  }

  private ApiException raised(ASTRaiseStatementProto raise, Frame frame) {
    Message message = Trees.child(raise, "message");
    if (message == null) {
      return errors
          .current()
          .orElseThrow(
              () ->
                  ApiException.invalidQuery(
                      "Cannot re-raise an existing exception outside of an exception handler"));
    }
    TypedValue text = evaluator.as(evaluator.type("STRING", frame), frame, message);
    if (text.isNull()) {
      throw ApiException.invalidQuery("RAISE with a NULL message");
    }
    return ApiException.invalidQuery(text.value().getStringValue());
  }

  private void check(ASTAssertStatementProto assertion, Frame frame) {
    if (!evaluator.isTrue(frame, Trees.child(assertion, "expr"))) {
      throw ApiException.invalidQuery(
          assertion.hasDescription()
              ? assertion.getDescription().getStringValue()
              : "Assertion failed");
    }
  }
}
