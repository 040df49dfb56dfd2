package io.gkp.connector.checks.source;

import io.gkp.connector.checks.Finding;
import java.sql.SQLException;
import java.util.List;

/** One named question to the source; at least one finding is the answer. */
@FunctionalInterface
public interface SourceCheck {
  List<Finding> check(Source source) throws SQLException;
}
