package io.gkp.localbigquery.translate;

import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedArrayScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedSingleRowScan;
import io.gkp.localbigquery.api.ApiException;

/** UNNEST in FROM. Elements come with their offsets, which tell a NULL element from none. */
final class ArrayScans {
  private final Translation translation;
  private final Scans scans;

  ArrayScans(Translation translation, Scans scans) {
    this.translation = translation;
    this.scans = scans;
  }

  String select(ResolvedArrayScan scan) {
    if (scan.getArrayExprList().size() != 1) {
      throw ApiException.notImplemented("UNNEST of several arrays");
    }
    String element = Scans.name(scan.getElementColumnList().get(0));
    String alias = translation.alias("a");
    String value = alias + "v";
    String offset =
        scan.getArrayOffsetColumn() == null
            ? alias + "o"
            : Scans.name(scan.getArrayOffsetColumn().getColumn());
    String array = translation.expressions().of(scan.getArrayExprList().get(0));
    String elements =
        "(SELECT unnest("
            + value
            + ") AS "
            + element
            + ", generate_subscripts("
            + value
            + ", 1) - 1 AS "
            + offset
            + " FROM (SELECT "
            + array
            + " AS "
            + value
            + "))";
    ResolvedScan input = scan.getInputScan();
    if (input == null || input instanceof ResolvedSingleRowScan) {
      return scans.columns(scan) + " FROM " + elements + " AS " + alias;
    }
    return scan.getJoinExpr() == null
        ? unnested(scan, array, element, offset)
        : joined(scan, elements, alias);
  }

  /**
   * The rows of the input, each once for each element, in their order: a join would keep none. Of
   * an outer one an array without elements gives a row without an element.
   */
  private String unnested(ResolvedArrayScan scan, String array, String element, String offset) {
    String values = translation.alias("a");
    boolean outer = scan.getIsOuter();
    String present = "CASE WHEN len(" + values + ") > 0 THEN ";
    String unnested = outer ? present + values + " ELSE [NULL] END" : values;
    return scans.columns(scan)
        + " FROM (SELECT *, unnest("
        + unnested
        + ") AS "
        + element
        + ", generate_subscripts("
        + unnested
        + ", 1) - "
        + (outer ? present + "1 END" : "1")
        + " AS "
        + offset
        + " FROM (SELECT *, "
        + array
        + " AS "
        + values
        + " FROM "
        + scans.from(scan.getInputScan())
        + ")) AS "
        + translation.alias("s");
  }

  private String joined(ResolvedArrayScan scan, String elements, String alias) {
    return scans.columns(scan)
        + " FROM "
        + scans.from(scan.getInputScan())
        + (scan.getIsOuter() ? " LEFT JOIN LATERAL " : " JOIN LATERAL ")
        + elements
        + " AS "
        + alias
        + " ON "
        + translation.expressions().of(scan.getJoinExpr());
  }
}
