package io.gkp.localbigquery.sql.value;

import com.google.zetasql.ZetaSQLType.TypeProto;
import com.google.zetasql.ZetaSQLValue.ValueProto;

/**
 * A value of a script's variable.
 *
 * @param value an empty message for NULL
 */
public record TypedValue(TypeProto type, ValueProto value) {
  public static TypedValue unset(TypeProto type) {
    return new TypedValue(type, ValueProto.getDefaultInstance());
  }

  public boolean isNull() {
    return value.getValueCase() == ValueProto.ValueCase.VALUE_NOT_SET;
  }

  public boolean isTrue() {
    return value.getBoolValue();
  }

  public TypedValue field(int index) {
    return new TypedValue(
        type.getStructType().getField(index).getFieldType(),
        isNull() ? value : value.getStructValue().getField(index));
  }

  int fields() {
    return type.getStructType().getFieldCount();
  }
}
