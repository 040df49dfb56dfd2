package io.gkp.localbigquery.api;

import com.google.api.client.json.JsonString;
import com.google.api.client.util.ClassInfo;
import com.google.api.client.util.FieldInfo;
import com.google.api.client.util.GenericData;
import java.lang.reflect.Field;
import java.util.List;

/**
 * A field of one of the API's model classes. The library finds them by name, and looks their
 * annotations up, each time.
 *
 * @param name in JSON
 * @param isQuoted whether its numbers are texts in JSON
 */
record ModelField(Field field, String name, boolean isQuoted) {
  private static final ClassValue<List<ModelField>> FIELDS =
      new ClassValue<>() {
        @Override
        protected List<ModelField> computeValue(Class<?> model) {
          return ClassInfo.of(model).getFieldInfos().stream().map(ModelField::of).toList();
        }
      };

  /** Those of the model's class, in the library's order. */
  static List<ModelField> of(GenericData model) {
    return FIELDS.get(model.getClass());
  }

  private static ModelField of(FieldInfo info) {
    return new ModelField(
        info.getField(), info.getName(), info.getField().isAnnotationPresent(JsonString.class));
  }
}
