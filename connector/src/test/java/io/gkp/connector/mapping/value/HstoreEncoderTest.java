package io.gkp.connector.mapping.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HstoreEncoderTest {
  private final HstoreEncoder encoder = new HstoreEncoder();

  @Test
  void keysKeepTheirOrder() throws Unrepresentable {
    assertThat(encoder.encode("\"zz\"=>\"1\", \"b\"=>NULL, \"a\\\"\"=>\"c\\\\d\""))
        .isEqualTo("{\"zz\":\"1\",\"b\":null,\"a\\\"\":\"c\\\\d\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"junk", "\"a\"", "\"a\"=>x", "\"a\"=>\"1", "\"a\"=>\"1\\"})
  void textThatIsNoneIsNotGuessed(String text) {
    assertThatThrownBy(() -> encoder.encode(text)).isInstanceOf(Unrepresentable.class);
  }
}
