package io.gkp.localbigquery.script;

import com.google.protobuf.Message;
import com.google.zetasql.ParseLocationRangeProto;
import com.google.zetasql.parser.ASTAssertStatementProto;
import com.google.zetasql.parser.ASTBeginStatementProto;
import com.google.zetasql.parser.ASTCallStatementProto;
import com.google.zetasql.parser.ASTCommitStatementProto;
import com.google.zetasql.parser.ASTExecuteImmediateStatementProto;
import com.google.zetasql.parser.ASTParameterAssignmentProto;
import com.google.zetasql.parser.ASTRollbackStatementProto;
import com.google.zetasql.parser.ASTScriptProto;
import com.google.zetasql.parser.ASTScriptStatementProto;
import com.google.zetasql.parser.ASTStatementListProto;
import com.google.zetasql.parser.ASTSystemVariableAssignmentProto;
import com.google.zetasql.parser.ASTVariableDeclarationProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.AstNodes;
import io.gkp.localbigquery.sql.analysis.SqlText;
import io.gkp.localbigquery.sql.analysis.Trees;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** A script's text and tree, cut at the nodes of the tree. Positions count UTF-8 bytes. */
public final class ScriptText {
  private static final String SELECT = "SELECT ";
  private static final Set<Class<?>> OTHERS =
      Set.of(
          ASTBeginStatementProto.class,
          ASTCommitStatementProto.class,
          ASTRollbackStatementProto.class,
          ASTCallStatementProto.class,
          ASTExecuteImmediateStatementProto.class,
          ASTAssertStatementProto.class,
          ASTParameterAssignmentProto.class,
          ASTSystemVariableAssignmentProto.class);

  private final String text;
  private final ASTScriptProto tree;
  private final byte[] bytes;

  public ScriptText(String text, ASTScriptProto tree) {
    this.text = text;
    this.tree = tree;
    this.bytes = text.getBytes(StandardCharsets.UTF_8);
  }

  /** Throws {@code invalidQuery} for a DECLARE that does not start its block. */
  void checkDeclarations() {
    for (ASTStatementListProto list : Trees.all(tree, ASTStatementListProto.class)) {
      boolean mayDeclare = true;
      for (Message statement : Trees.children(list, "statement_list")) {
        boolean declares = statement instanceof ASTVariableDeclarationProto;
        if (declares && !mayDeclare) {
          int start = AstNodes.range(statement).getStart();
          throw ApiException.invalidQuery(
              "Variable declarations are allowed only at the start of a block or script: DECLARE"
                  + " at ["
                  + line(start)
                  + ":"
                  + column(start)
                  + "]");
        }
        mayDeclare = declares;
      }
    }
  }

  public List<Message> statements() {
    return Trees.children(tree.getStatementListNode(), "statement_list");
  }

  /** Whether a statement is more than SQL: control flow, variables, transactions, other texts. */
  public boolean isProcedural(Message statement) {
    return isControl(statement) || OTHERS.contains(statement.getClass());
  }

  /** Whether a statement is control flow, or about variables. */
  static boolean isControl(Message statement) {
    for (Message of = statement; of != null; of = Trees.child(of, "parent")) {
      if (of instanceof ASTScriptStatementProto) {
        return true;
      }
    }
    return false;
  }

  /** The node's own text. */
  String of(Message node) {
    return new SqlText(text).of(node);
  }

  /** The node where it stands, so that positions in error messages are those in the script. */
  public String statement(Message node) {
    ParseLocationRangeProto range = AstNodes.range(node);
    return blanks(range.getStart())
        + new String(
            bytes, range.getStart(), range.getEnd() - range.getStart(), StandardCharsets.UTF_8);
  }

  /** A query for the expression, which stands where it stands in the script. */
  String query(Message expression) {
    int start = AstNodes.range(expression).getStart();
    String before = blanks(start);
    boolean fits =
        before.length() >= SELECT.length()
            && before.substring(before.length() - SELECT.length()).isBlank()
            && before.indexOf('\n', before.length() - SELECT.length()) < 0;
    return (fits ? before.substring(0, before.length() - SELECT.length()) : "")
        + SELECT
        + of(expression);
  }

  private String blanks(int length) {
    byte[] blank = Arrays.copyOf(bytes, length);
    for (int i = 0; i < length; i++) {
      blank[i] = blank[i] == '\n' ? blank[i] : (byte) ' ';
    }
    return new String(blank, StandardCharsets.UTF_8);
  }

  Steps.Step step(Message node) {
    ParseLocationRangeProto range = AstNodes.range(node);
    return new Steps.Step(
        statement(node).strip(),
        line(range.getStart()),
        column(range.getStart()),
        line(range.getEnd()),
        column(range.getEnd()),
        System.currentTimeMillis());
  }

  int line(int position) {
    int line = 1;
    for (int i = 0; i < position; i++) {
      line += bytes[i] == '\n' ? 1 : 0;
    }
    return line;
  }

  int column(int position) {
    int start = position;
    while (start > 0 && bytes[start - 1] != '\n') {
      start--;
    }
    return new String(bytes, start, position - start, StandardCharsets.UTF_8).length() + 1;
  }
}
