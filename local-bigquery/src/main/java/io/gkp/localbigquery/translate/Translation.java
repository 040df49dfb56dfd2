package io.gkp.localbigquery.translate;

import com.google.zetasql.ZetaSQLValue.ValueProto;
import java.util.Map;

/** One statement on its way: who translates what, and the names given so far. */
final class Translation {
  private final Sources sources;
  private final Map<String, ValueProto> parameters;
  private final Scans scans;
  private final Expressions expressions;
  private final Aggregates aggregates;
  private final Windows windows;
  private int aliases;

  Translation(Sources sources, Map<String, ValueProto> parameters, ZetaFunctions zeta) {
    this.sources = sources;
    this.parameters = parameters;
    this.scans = new Scans(this);
    this.expressions = new Expressions(this, zeta);
    this.aggregates = new Aggregates(this, zeta);
    this.windows = new Windows(this, zeta);
  }

  Sources sources() {
    return sources;
  }

  /** By name, in lower case. */
  Map<String, ValueProto> parameters() {
    return parameters;
  }

  Scans scans() {
    return scans;
  }

  Expressions expressions() {
    return expressions;
  }

  Aggregates aggregates() {
    return aggregates;
  }

  Windows windows() {
    return windows;
  }

  /** A name that the statement has not used yet. */
  String alias(String prefix) {
    return prefix + ++aliases;
  }
}
