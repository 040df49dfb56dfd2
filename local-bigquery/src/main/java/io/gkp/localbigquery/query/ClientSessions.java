package io.gkp.localbigquery.query;

import com.google.api.services.bigquery.model.ConnectionProperty;
import com.google.api.services.bigquery.model.JobConfigurationQuery;
import io.gkp.localbigquery.api.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The ids of sessions that queries have opened since the server started. */
final class ClientSessions {
  private static final String PROPERTY = "session_id";

  private final Set<String> known = ConcurrentHashMap.newKeySet();

  /**
   * Opens the session that the query asks for; throws {@code invalid} for one that is not there.
   */
  void prepare(JobConfigurationQuery query) {
    Optional<String> given = of(query);
    if (given.isPresent() && !known.contains(given.get())) {
      throw ApiException.invalid("Invalid input session id.");
    }
    if (Boolean.TRUE.equals(query.getCreateSession()) && given.isEmpty()) {
      String id = "session_" + UUID.randomUUID();
      known.add(id);
      List<ConnectionProperty> properties =
          query.getConnectionProperties() == null
              ? new ArrayList<>()
              : new ArrayList<>(query.getConnectionProperties());
      properties.add(new ConnectionProperty().setKey(PROPERTY).setValue(id));
      query.setConnectionProperties(properties);
    }
  }

  static Optional<String> of(JobConfigurationQuery query) {
    return query.getConnectionProperties() == null
        ? Optional.empty()
        : query.getConnectionProperties().stream()
            .filter(property -> PROPERTY.equals(property.getKey()))
            .map(ConnectionProperty::getValue)
            .findFirst();
  }
}
