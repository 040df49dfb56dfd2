package io.gkp.localbigquery.translate;

import com.google.zetasql.Type;
import io.gkp.localbigquery.storage.ColumnTypes;
import java.util.ArrayList;
import java.util.List;

/**
 * Values as tables hold them: an array is never NULL but empty, and none has a NULL element, which
 * the real service refuses in every result.
 */
final class Results {
  private Results() {}

  static String value(Type type, String value) {
    if (type.isArray()) {
      Type element = type.asArray().getElementType();
      String array = value;
      if (hasArray(element)) {
        String name = "r" + value.length();
        array = "list_transform(" + value + ", lambda " + name + ": " + value(element, name) + ")";
      }
      return "coalesce(bq_no_nulls(" + array + "), CAST([] AS " + Types.duck(type) + "))";
    }
    if (type.isStruct() && hasArray(type)) {
      List<String> fields = new ArrayList<>();
      for (int i = 0; i < type.asStruct().getFieldCount(); i++) {
        fields.add(value(type.asStruct().getField(i).getType(), ColumnTypes.field(value, i)));
      }
      return "(CASE WHEN " + value + " IS NOT NULL THEN " + ColumnTypes.struct(fields) + " END)";
    }
    // Also says which types there are no columns of.
    Types.duck(type);
    return value;
  }

  private static boolean hasArray(Type type) {
    return type.isArray()
        || type.isStruct()
            && type.asStruct().getFieldList().stream().anyMatch(f -> hasArray(f.getType()));
  }
}
