package io.gkp.localbigquery.sql.analysis;

import com.google.common.collect.MapMaker;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Walks resolved and parsed trees, which arrive as nested protocol messages. */
public final class Trees {
  private static final Pattern NODE = Pattern.compile("(Any)?(Resolved|AST)");
  private static final Map<Descriptor, List<FieldDescriptor>> FIELDS = new ConcurrentHashMap<>();
  private static final Map<Message, List<Message>> BELOW = new MapMaker().weakKeys().makeMap();

  private Trees() {}

  /** The node inside the {@code Any...} messages that stand for a choice of node types. */
  public static Message unwrap(Message node) {
    Message current = node;
    while (current.getDescriptorForType().getName().startsWith("Any")) {
      FieldDescriptor chosen = chosen(current);
      if (chosen == null) {
        return current;
      }
      current = (Message) current.getField(chosen);
    }
    return current;
  }

  private static FieldDescriptor chosen(Message any) {
    return any.getOneofFieldDescriptor(any.getDescriptorForType().getOneofs().get(0));
  }

  /** All nodes of a type below (and including) a node, in the order of the tree. */
  public static <T extends Message> List<T> all(Message root, Class<T> type) {
    List<T> found = new ArrayList<>();
    if (type.isInstance(root)) {
      found.add(type.cast(root));
    }
    for (Message node : below(root)) {
      if (type.isInstance(node)) {
        found.add(type.cast(node));
      }
    }
    return found;
  }

  /**
   * All nodes below a node, in the order of the tree. Those of a statement are kept as long as it
   * is: what is asked again is analyzed once, and its tree is asked for nodes of many types.
   */
  private static List<Message> below(Message root) {
    return root.getDescriptorForType().getName().endsWith("StmtProto")
        ? BELOW.computeIfAbsent(root, Trees::collected)
        : collected(root);
  }

  private static List<Message> collected(Message root) {
    List<Message> nodes = new ArrayList<>();
    children(root).forEach(child -> collect(child, nodes));
    return nodes;
  }

  private static void collect(Message node, List<Message> nodes) {
    nodes.add(node);
    children(node).forEach(child -> collect(child, nodes));
  }

  /** The nodes directly below a node, in the order of its fields. */
  public static List<Message> children(Message node) {
    Descriptor type = node.getDescriptorForType();
    if (type.getName().startsWith("Any")) {
      FieldDescriptor chosen = chosen(node);
      return chosen == null ? List.of() : List.of((Message) node.getField(chosen));
    }
    List<Message> children = new ArrayList<>();
    for (FieldDescriptor field : FIELDS.computeIfAbsent(type, Trees::fieldsWithNodes)) {
      if (field.isRepeated()) {
        ((List<?>) node.getField(field)).forEach(child -> children.add((Message) child));
      } else if (node.hasField(field)) {
        children.add((Message) node.getField(field));
      }
    }
    return children;
  }

  /**
   * The fields below which nodes can stand. Most messages of a tree are types, values and
   * signatures, which hold none.
   */
  private static List<FieldDescriptor> fieldsWithNodes(Descriptor type) {
    return type.getFields().stream()
        .filter(field -> field.getJavaType() == JavaType.MESSAGE)
        .filter(field -> holdsNodes(field.getMessageType(), new HashSet<>()))
        .sorted(Comparator.comparing(FieldDescriptor::getNumber))
        .toList();
  }

  private static boolean holdsNodes(Descriptor type, Set<Descriptor> seen) {
    return NODE.matcher(type.getName()).lookingAt()
        || (seen.add(type)
            && type.getFields().stream()
                .filter(field -> field.getJavaType() == JavaType.MESSAGE)
                .anyMatch(field -> holdsNodes(field.getMessageType(), seen)));
  }

  /** The messages of a repeated field, unwrapped; none where the node is not there or has none. */
  public static List<Message> children(Message node, String fieldName) {
    List<Message> children = new ArrayList<>();
    if (node != null) {
      FieldDescriptor field = node.getDescriptorForType().findFieldByName(fieldName);
      ((List<?>) node.getField(field)).forEach(child -> children.add(unwrap((Message) child)));
    }
    return children;
  }

  /** A singular message field by name; {@code null} where the node has none or it is not set. */
  public static Message child(Message node, String fieldName) {
    FieldDescriptor field = node.getDescriptorForType().findFieldByName(fieldName);
    if (field == null || !node.hasField(field)) {
      return null;
    }
    return unwrap((Message) node.getField(field));
  }
}
