package io.gkp.localbigquery.javascript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.zetasql.ZetaSQLType.ArrayTypeProto;
import com.google.zetasql.ZetaSQLType.StructFieldProto;
import com.google.zetasql.ZetaSQLType.StructTypeProto;
import com.google.zetasql.ZetaSQLType.TypeKind;
import com.google.zetasql.ZetaSQLType.TypeProto;
import io.gkp.localbigquery.api.ApiException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class JavaScriptFunctionTest {
  private static final TypeProto STRING = type(TypeKind.TYPE_STRING);
  private static final TypeProto INT64 = type(TypeKind.TYPE_INT64);
  private static final TypeProto FLOAT64 = type(TypeKind.TYPE_DOUBLE);

  private static TypeProto type(TypeKind kind) {
    return TypeProto.newBuilder().setTypeKind(kind).build();
  }

  private static Object call(String body, TypeProto type, Object value, TypeProto result) {
    return new JavaScriptFunction("f", body, List.of("x"), List.of(type), result)
        .call(List.<Object[]>of(new Object[] {value}))
        .get(0);
  }

  @Test
  void valuesComeAsTheServicePassesThem() {
    assertThat(call("return x + 1", INT64, 41L, INT64)).isEqualTo(411L);
    assertThat(call("return x + 1", FLOAT64, 1.5, FLOAT64)).isEqualTo(2.5);
    assertThat(call("return typeof x", type(TypeKind.TYPE_NUMERIC), new BigDecimal("2.5"), STRING))
        .isEqualTo("string");
    assertThat(call("return typeof x", type(TypeKind.TYPE_NUMERIC), new BigDecimal("2"), STRING))
        .isEqualTo("number");
    assertThat(call("return x", type(TypeKind.TYPE_BYTES), new byte[] {1}, STRING))
        .isEqualTo("AQ==");
    assertThat(call("return x.a[1]", type(TypeKind.TYPE_JSON), "{\"a\":[1,2]}", INT64))
        .isEqualTo(2L);
    assertThat(call("return x.getTime()", type(TypeKind.TYPE_DATE), LocalDate.EPOCH, FLOAT64))
        .isEqualTo(0.0);
    assertThat(
            call(
                "return x", type(TypeKind.TYPE_TIMESTAMP), Instant.EPOCH, type(TypeKind.TYPE_DATE)))
        .isEqualTo(LocalDate.EPOCH);
    assertThat(call("return x", STRING, null, STRING)).isNull();
    assertThat(call("", STRING, "a", STRING)).isNull();
  }

  @Test
  void structsAndArraysGoBothWays() {
    TypeProto struct =
        TypeProto.newBuilder()
            .setTypeKind(TypeKind.TYPE_STRUCT)
            .setStructType(
                StructTypeProto.newBuilder()
                    .addField(StructFieldProto.newBuilder().setFieldName("a").setFieldType(INT64))
                    .addField(StructFieldProto.newBuilder().setFieldName("b").setFieldType(STRING)))
            .build();
    TypeProto array =
        TypeProto.newBuilder()
            .setTypeKind(TypeKind.TYPE_ARRAY)
            .setArrayType(ArrayTypeProto.newBuilder().setElementType(struct))
            .build();
    Object result =
        call(
            "return x.map(e => ({b: e.b + '!', a: e.a * 2, c: 1}))",
            array,
            Collections.singletonList(new Object[] {4L, "d"}),
            array);
    assertThat((Object[]) ((List<?>) result).get(0)).containsExactly(8L, "d!");
  }

  @Test
  void loopsMayBeOverConstants() {
    String body =
        """
        // for (const nothing
        const words = [];
        for (const w of x.split(' ')) words.push(w + "for (const x" + 'for(const y');
        for (const [k, v] of Object.entries({a: 1})) { words.push(`for (const ${k}${v}`); }
        for (const k in {b: 2}) words.push(k);
        return words.join('|');
        """;
    assertThat(call(body, STRING, "p q", STRING))
        .isEqualTo("pfor (const xfor(const y|qfor (const xfor(const y|for (const a1|b");
  }

  @Test
  void whatItRaisesIsTheStatementsError() {
    fails("throw new Error('no')", "invalidQuery")
        .hasMessage("Error: no at f(STRING) line 1, column 1");
    fails("return 0.5", "invalidQuery").hasMessageContaining("Failed to coerce output value 0.5");
    fails("return java.lang.System.exit(1)", "invalidQuery").hasMessageContaining("not defined");
    fails("return new f.constructor('return this')().Packages.x", "invalidQuery");
    fails("return x +", "notImplemented");
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ?> fails(
      String body, String reason) {
    return assertThatThrownBy(() -> call(body, STRING, "x", INT64))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void typesThatTheServiceDoesNotPassAreRefused() {
    assertThatThrownBy(() -> call("return x", type(TypeKind.TYPE_TIME), null, STRING))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("JavaScript functions over TIME");
  }
}
