package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.Argument;
import com.google.api.services.bigquery.model.Routine;
import com.google.api.services.bigquery.model.RoutineReference;
import com.google.api.services.bigquery.model.StandardSqlDataType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * ROUTINES, ROUTINE_OPTIONS and PARAMETERS.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/information-schema-routines">ROUTINES</a>
 */
final class RoutineViews {
  private static final String SPECIFIC =
      "specific_catalog STRING, specific_schema STRING, specific_name STRING, ";

  static final String ROUTINES =
      SPECIFIC
          + "routine_catalog STRING, routine_schema STRING, routine_name STRING,"
          + " routine_type STRING, data_type STRING, routine_body STRING,"
          + " routine_definition STRING, external_language STRING,"
          + " is_deterministic STRING, security_type STRING, created TIMESTAMP,"
          + " last_altered TIMESTAMP, ddl STRING, connection STRING";
  static final String OPTIONS =
      SPECIFIC + "option_name STRING, option_type STRING, option_value STRING";
  static final String PARAMETERS =
      SPECIFIC
          + "ordinal_position INT64, parameter_mode STRING, is_result STRING,"
          + " parameter_name STRING, data_type STRING, parameter_default STRING,"
          + " is_aggregate STRING";

  private RoutineViews() {}

  static List<Object[]> routine(Routine routine) {
    RoutineReference name = routine.getRoutineReference();
    boolean isSql = "SQL".equals(routine.getLanguage());
    return List.<Object[]>of(
        row(
            routine,
            name.getProjectId(),
            name.getDatasetId(),
            name.getRoutineId(),
            switch (routine.getRoutineType()) {
              case RoutineSql.PROCEDURE -> "PROCEDURE";
              case RoutineSql.TABLE_FUNCTION -> "TABLE FUNCTION";
              default -> "FUNCTION";
            },
            routine.getReturnType() == null ? null : RoutineSql.sql(routine.getReturnType()),
            isSql ? "SQL" : "EXTERNAL",
            routine.getDefinitionBody(),
            isSql ? null : routine.getLanguage(),
            null,
            null,
            Instant.ofEpochMilli(routine.getCreationTime()),
            Instant.ofEpochMilli(routine.getLastModifiedTime()),
            RoutineSql.create(routine) + ";",
            null));
  }

  static List<Object[]> options(Routine routine) {
    return OptionValue.text("description", routine.getDescription()).stream()
        .map(option -> row(routine, option.name(), option.type(), option.value()))
        .toList();
  }

  /** The result of a function is a parameter, too, at place 0. */
  static List<Object[]> parameters(Routine routine) {
    List<Object[]> rows = new ArrayList<>();
    if (routine.getReturnType() != null) {
      rows.add(parameter(routine, 0, null, "YES", null, routine.getReturnType()));
    }
    long place = 0;
    for (Argument argument : RoutineSql.arguments(routine)) {
      rows.add(
          parameter(
              routine,
              ++place,
              argument.getMode(),
              "NO",
              argument.getName(),
              argument.getDataType()));
    }
    return rows;
  }

  private static Object[] parameter(
      Routine routine,
      long place,
      String mode,
      String isResult,
      String name,
      StandardSqlDataType type) {
    return row(
        routine,
        place,
        mode,
        isResult,
        name,
        type == null ? "ANY TYPE" : RoutineSql.sql(type),
        null,
        null);
  }

  private static Object[] row(Routine routine, Object... rest) {
    Object[] row = new Object[3 + rest.length];
    row[0] = routine.getRoutineReference().getProjectId();
    row[1] = routine.getRoutineReference().getDatasetId();
    row[2] = routine.getRoutineReference().getRoutineId();
    System.arraycopy(rest, 0, row, 3, rest.length);
    return row;
  }
}
