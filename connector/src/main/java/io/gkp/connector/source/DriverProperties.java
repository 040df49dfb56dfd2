package io.gkp.connector.source;

import io.gkp.connector.config.SourceAddress;
import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.session.SessionSettings;
import io.gkp.connector.silence.UnixSocketFactory;
import io.gkp.connector.silence.WatchedSocketFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.postgresql.PGProperty;

/**
 * What the JDBC driver needs to reach a source, its address included. Names that are properties
 * need no encoding: neither a database with a plus sign nor an IPv6 address does.
 */
public final class DriverProperties {
  private DriverProperties() {}

  /** For {@link WatchedSocketFactory#connect}, and for Debezium's {@code driver.*}. */
  public static Map<String, String> of(SourceConfig config) {
    SourceAddress address = config.address();
    Map<String, String> properties = new HashMap<>();
    properties.put(PGProperty.APPLICATION_NAME.getName(), SourceDatabase.APPLICATION_NAME);
    properties.putAll(address.options());
    properties.put(PGProperty.PG_HOST.getName(), join(address, SourceAddress.Host::name));
    properties.put(PGProperty.PG_PORT.getName(), join(address, SourceAddress.Host::port));
    properties.put(PGProperty.PG_DBNAME.getName(), address.database());
    properties.put(PGProperty.USER.getName(), address.user());
    if (address.password() != null) { // otherwise the driver looks into the password file
      properties.put(PGProperty.PASSWORD.getName(), address.password());
    }
    SourceAddress.Host first = address.hosts().get(0);
    if (first.isUnixSocket()) {
      properties.put(PGProperty.PG_HOST.getName(), "localhost"); // as the password file names it
      properties.put(PGProperty.SOCKET_FACTORY.getName(), UnixSocketFactory.class.getName());
      properties.put(PGProperty.SOCKET_FACTORY_ARG.getName(), first.socketFile().toString());
    }
    properties.compute(
        PGProperty.OPTIONS.getName(), (name, others) -> SessionSettings.startupOptions(others));
    properties.put(PGProperty.ALLOW_ENCODING_CHANGES.getName(), "true"); // as ServerText needs it
    return WatchedSocketFactory.watch(properties, config.networkTimeout());
  }

  private static String join(SourceAddress address, Function<SourceAddress.Host, Object> part) {
    List<SourceAddress.Host> hosts = address.hosts();
    return hosts.stream().map(part).map(Object::toString).collect(Collectors.joining(","));
  }
}
