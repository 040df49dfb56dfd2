package io.gkp.localbigquery.sql;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Walks resolved and parsed trees, which arrive as nested protocol messages. */
public final class Trees {
  private Trees() {}

  /** The node inside the {@code Any...} messages that stand for a choice of node types. */
  public static Message unwrap(Message node) {
    Message current = node;
    while (current.getDescriptorForType().getName().startsWith("Any")) {
      List<FieldDescriptor> set = new ArrayList<>(current.getAllFields().keySet());
      if (set.size() != 1) {
        return current;
      }
      current = (Message) current.getField(set.get(0));
    }
    return current;
  }

  /** All nodes of a type below (and including) a node, in the order of the tree. */
  public static <T extends Message> List<T> all(Message root, Class<T> type) {
    List<T> found = new ArrayList<>();
    walk(
        root,
        node -> {
          if (type.isInstance(node)) {
            found.add(type.cast(node));
          }
          return true;
        });
    return found;
  }

  /** Visits a node, then its children unless {@code visitor} says no. */
  static void walk(Message node, Predicate<Message> visitor) {
    if (visitor.test(node)) {
      children(node).forEach(child -> walk(child, visitor));
    }
  }

  static List<Message> children(Message node) {
    List<Message> children = new ArrayList<>();
    node.getAllFields()
        .forEach(
            (field, value) -> {
              if (field.getJavaType() == JavaType.MESSAGE) {
                if (field.isRepeated()) {
                  ((List<?>) value).forEach(child -> children.add((Message) child));
                } else {
                  children.add((Message) value);
                }
              }
            });
    return children;
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
