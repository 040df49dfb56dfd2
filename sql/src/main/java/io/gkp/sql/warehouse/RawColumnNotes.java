package io.gkp.sql.warehouse;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.Schema;
import io.gkp.sql.model.Column;
import io.gkp.sql.model.Model;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.model.PolicyTags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the models' files say about columns of raw tables, for whoever creates those tables: their
 * meaning goes before the description that the column has, and columns with personal data get their
 * policy tag.
 */
public final class RawColumnNotes {
  /** How the export's own description of a column begins. */
  private static final String OWN_DESCRIPTION = "Postgres column \"";

  private final ModelCatalog catalog;
  private final PolicyTags tags;

  public RawColumnNotes(ModelCatalog catalog, PolicyTags tags) {
    this.catalog = catalog;
    this.tags = tags;
  }

  /** The schema with the notes; doing it again changes nothing. */
  public Schema annotate(String rawTable, Schema schema) {
    Map<String, Column> documented = new HashMap<>();
    catalog.find(rawTable).map(Model::columns).orElse(List.of()).stream()
        .forEach(column -> documented.put(column.name(), column));
    List<Field> fields = new ArrayList<>();
    for (Field field : schema.getFields()) {
      Column column = documented.get(field.getName());
      fields.add(column == null ? field : annotated(field, column));
    }
    return Schema.of(fields);
  }

  private Field annotated(Field field, Column column) {
    String before = Optional.ofNullable(field.getDescription()).orElse("");
    int own = before.indexOf(OWN_DESCRIPTION);
    String description = column.shownDescription() + (own < 0 ? "" : " " + before.substring(own));
    Field described = field.toBuilder().setDescription(description).build();
    return tags.of(column).map(tag -> PolicyTagging.tagged(described, tag)).orElse(described);
  }
}
