package io.gkp.sql.changelog;

import io.gkp.sql.warehouse.RawColumn;
import java.util.List;
import java.util.Optional;

/**
 * A state table.
 *
 * @param columns its columns, which may be fewer and narrower than the raw table's are by now
 */
public record FoldedState(Watermark watermark, List<RawColumn> columns) {
  Optional<String> typeOf(String name) {
    return columns.stream()
        .filter(c -> c.name().equalsIgnoreCase(name))
        .map(RawColumn::type)
        .findFirst();
  }
}
