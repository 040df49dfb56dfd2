package io.gkp.localbigquery.translate;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.zetasql.AnyResolvedStatementProto;
import com.google.zetasql.DescriptorPool;
import com.google.zetasql.Function;
import com.google.zetasql.LanguageOptions;
import com.google.zetasql.SimpleCatalog;
import com.google.zetasql.SimpleTable;
import com.google.zetasql.ZetaSQLBuiltinFunctionOptions;
import com.google.zetasql.ZetaSQLDescriptorPool;
import com.google.zetasql.ZetaSQLFunctions.FunctionEnums.Mode;
import com.google.zetasql.functions.ZetaSQLArrayFindMode;
import com.google.zetasql.functions.ZetaSQLBitwiseAggMode;
import com.google.zetasql.functions.ZetaSQLDateTime;
import com.google.zetasql.functions.ZetaSQLNormalizeMode;
import com.google.zetasql.functions.ZetaSQLRoundingMode;
import com.google.zetasql.resolvedast.DeserializationHelper;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedStatement;
import io.gkp.localbigquery.api.ApiException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the library's own tree of what its service answered. */
public final class ResolvedAst {
  private static final String PREFIX = "t";

  /** What the library says of a constant that its Java classes have no form of. */
  private static final String UNREADABLE = "Type not supported ";

  /** Knows all functions; any table, by its number. */
  private final SimpleCatalog catalog;

  /** The types of constants such as DAY and NFC. */
  private final ImmutableList<DescriptorPool> enums;

  public ResolvedAst(LanguageOptions language) {
    ZetaSQLDescriptorPool pool = new ZetaSQLDescriptorPool();
    Map<String, FileDescriptorProto> files = new LinkedHashMap<>();
    collect(ZetaSQLArrayFindMode.getDescriptor(), files);
    collect(ZetaSQLBitwiseAggMode.getDescriptor(), files);
    collect(ZetaSQLDateTime.getDescriptor(), files);
    collect(ZetaSQLNormalizeMode.getDescriptor(), files);
    collect(ZetaSQLRoundingMode.getDescriptor(), files);
    pool.importFileDescriptors(files.values());
    this.enums = ImmutableList.of(pool);
    this.catalog =
        new SimpleCatalog("root") {
          @Override
          public SimpleTable getTableById(long number) {
            return new SimpleTable(PREFIX + number);
          }

          @Override
          public Function getFunctionByFullName(String name) {
            int colon = name.indexOf(':');
            return JavaScriptEvaluation.isName(name)
                ? new Function(
                    name.substring(colon + 1), name.substring(0, colon), Mode.SCALAR, List.of())
                : super.getFunctionByFullName(name);
          }
        };
    catalog.addZetaSQLFunctionsAndTypes(new ZetaSQLBuiltinFunctionOptions(language));
    // For good: else every request would carry all functions.
    catalog.register();
  }

  /** A file after those that it depends on. */
  private static void collect(FileDescriptor file, Map<String, FileDescriptorProto> files) {
    file.getDependencies().forEach(dependency -> collect(dependency, files));
    files.putIfAbsent(file.getFullName(), file.toProto());
  }

  /** The number of a table in the catalog of its statement. */
  static long number(com.google.zetasql.Table table) {
    return Long.parseLong(table.getName().substring(PREFIX.length()));
  }

  SimpleCatalog functions() {
    return catalog;
  }

  public ResolvedStatement of(AnyResolvedStatementProto statement) {
    try {
      return ResolvedStatement.deserialize(
          statement, new DeserializationHelper(catalog.getTypeFactory(), enums, catalog));
    } catch (IllegalArgumentException e) {
      String type = String.valueOf(e.getMessage());
      if (type.startsWith(UNREADABLE)) {
        throw ApiException.notImplemented(
            "constants of type " + type.substring(UNREADABLE.length()));
      }
      throw e;
    }
  }
}
