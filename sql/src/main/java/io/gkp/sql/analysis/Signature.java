package io.gkp.sql.analysis;

import io.gkp.sql.model.Column;
import java.util.List;
import java.util.stream.Collectors;

/** The names and types of columns, in their order. */
final class Signature {
  private Signature() {}

  static String of(List<Column> columns) {
    return columns.stream()
        .map(column -> column.name() + " " + column.type())
        .collect(Collectors.joining(", "));
  }
}
