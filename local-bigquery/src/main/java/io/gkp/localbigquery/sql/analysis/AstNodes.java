package io.gkp.localbigquery.sql.analysis;

import com.google.protobuf.Message;
import com.google.zetasql.ParseLocationRangeProto;
import com.google.zetasql.parser.ASTIdentifierProto;
import java.util.List;

/** Positions of nodes of the parsed (not resolved) tree. */
public final class AstNodes {
  private AstNodes() {}

  /** A part of a node, or of the kinds of node that it is one of; {@code null} for none. */
  public static Message child(Message node, String name) {
    Message current = node;
    while (current != null) {
      Message child = Trees.child(current, name);
      if (child != null) {
        return child;
      }
      current = Trees.child(current, "parent");
    }
    return null;
  }

  /** The parts of a path expression. */
  public static List<String> names(Message path) {
    return Trees.children(path, "names").stream()
        .map(name -> ((ASTIdentifierProto) name).getIdString())
        .toList();
  }

  /** In UTF-8 bytes. */
  public static ParseLocationRangeProto range(Message node) {
    return (ParseLocationRangeProto) child(node, "parse_location_range");
  }
}
