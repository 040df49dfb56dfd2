package io.gkp.localbigquery.sql.analysis;

import com.google.protobuf.Message;
import com.google.zetasql.AnalyzerOptions;
import com.google.zetasql.AnyResolvedStatementProto;
import com.google.zetasql.FileDescriptorSetsBuilder;
import com.google.zetasql.JniChannelProvider;
import com.google.zetasql.LocalService;
import com.google.zetasql.LocalService.AnalyzeRequest;
import com.google.zetasql.LocalService.AnalyzeResponse;
import com.google.zetasql.LocalService.DescriptorPoolListProto;
import com.google.zetasql.LocalService.EvaluateQueryRequest;
import com.google.zetasql.LocalService.ExtractTableNamesFromNextStatementRequest;
import com.google.zetasql.LocalService.ExtractTableNamesFromNextStatementResponse;
import com.google.zetasql.LocalService.ParseRequest;
import com.google.zetasql.LocalService.PrepareQueryRequest;
import com.google.zetasql.LocalService.TableData;
import com.google.zetasql.LocalService.UnprepareQueryRequest;
import com.google.zetasql.SimpleCatalogProtos.SimpleCatalogProto;
import com.google.zetasql.ZetaSQLOptions.ErrorMessageMode;
import com.google.zetasql.ZetaSQLOptions.ParseLocationRecordType;
import com.google.zetasql.ZetaSQLOptions.ResolvedASTRewrite;
import com.google.zetasql.ZetaSQLOptionsProto.AnalyzerOptionsProto;
import com.google.zetasql.ZetaSQLParser.ParseResumeLocationProto;
import com.google.zetasql.ZetaSQLType.TypeProto;
import com.google.zetasql.ZetaSQLValue.ValueProto;
import com.google.zetasql.ZetaSqlLocalServiceGrpc;
import com.google.zetasql.ZetaSqlLocalServiceGrpc.ZetaSqlLocalServiceBlockingStub;
import com.google.zetasql.io.grpc.StatusRuntimeException;
import com.google.zetasql.parser.ASTScriptProto;
import io.gkp.localbigquery.api.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Google's GoogleSQL analyzer and reference engine, in this process.
 *
 * <p>Talks to the library's service rather than to its Java classes: those copy every value twice,
 * keep state in native memory that has to be released, and drop the positions of table names. Every
 * call here is complete in itself, so nothing is left behind. Safe for concurrent use.
 */
public final class ZetaSql {
  /** What the service accepts in one request. Compiled into it: compression does not help. */
  public static final int MAX_REQUEST_BYTES = 4 * 1024 * 1024;

  private static final int MAX_RESPONSE_BYTES = 1 << 30;

  private static final int MOST_PREPARED = 500;

  /**
   * Of requests, since counting the answers takes long: as objects they take fifty to eighty times
   * as much.
   */
  private static final long MOST_ANSWERED_BYTES = 3L << 20;

  /** What functions in SQL become, so that nobody else has to know them. */
  private static final List<ResolvedASTRewrite> INLINED =
      List.of(
          ResolvedASTRewrite.REWRITE_INLINE_SQL_FUNCTIONS,
          ResolvedASTRewrite.REWRITE_INLINE_SQL_TVFS,
          ResolvedASTRewrite.REWRITE_INLINE_SQL_UDAS);

  private final ZetaSqlLocalServiceBlockingStub service;
  private final Memo<Message, Message> answers =
      new Memo<>(MOST_ANSWERED_BYTES, (request, answer) -> request.getSerializedSize());
  private final Map<String, PreparedQuery> prepared =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, PreparedQuery> eldest) {
          if (size() > MOST_PREPARED) {
            eldest.getValue().forget();
            return true;
          }
          return false;
        }
      };
  private final AnalyzerOptionsProto options;
  private final DescriptorPoolListProto descriptors =
      DescriptorPoolListProto.newBuilder()
          .addDefinitions(
              DescriptorPoolListProto.Definition.newBuilder()
                  .setBuiltin(DescriptorPoolListProto.Builtin.getDefaultInstance()))
          .build();

  private ZetaSql(ZetaSqlLocalServiceBlockingStub service) {
    this.service = service;
    AnalyzerOptions javaOptions = new AnalyzerOptions();
    javaOptions.setLanguageOptions(Dialect.bigQuery());
    javaOptions.setErrorMessageMode(ErrorMessageMode.ERROR_MESSAGE_ONE_LINE);
    javaOptions.setPruneUnusedColumns(true);
    javaOptions.setDefaultTimezone("UTC");
    AnalyzerOptionsProto.Builder all =
        javaOptions.serialize(new FileDescriptorSetsBuilder()).toBuilder();
    PseudoColumns.declare(all);
    this.options = all.build();
  }

  /** The service of this process, started by the first call. */
  public static ZetaSql instance() {
    return Holder.INSTANCE;
  }

  private static final class Holder {
    /**
     * The library complains about a resolver of host names that it has no use for. Kept strongly.
     */
    private static final Logger NOISE =
        Logger.getLogger("com.google.zetasql.io.grpc.NameResolverRegistry");

    static {
      NOISE.setLevel(Level.SEVERE);
    }

    static final ZetaSql INSTANCE =
        new ZetaSql(
            ZetaSqlLocalServiceGrpc.newBlockingStub(new JniChannelProvider().newChannel())
                .withInterceptors(new TrustedAnswers())
                .withMaxInboundMessageSize(MAX_RESPONSE_BYTES));
  }

  /**
   * One statement of a list.
   *
   * @param tables names that it reads, each as the parts of its path
   * @param end where the next one starts, in UTF-8 bytes
   */
  public record NextStatement(List<List<String>> tables, int end) {}

  public NextStatement next(String sql, int start) {
    ExtractTableNamesFromNextStatementResponse response =
        answer(
            ExtractTableNamesFromNextStatementRequest.newBuilder()
                .setOptions(options.getLanguageOptions())
                .setParseResumeLocation(
                    ParseResumeLocationProto.newBuilder()
                        .setInput(sql)
                        .setBytePosition(start)
                        .setAllowResume(true))
                .build(),
            service::extractTableNamesFromNextStatement);
    List<List<String>> tables = new ArrayList<>();
    response
        .getTableNameList()
        .forEach(name -> tables.add(List.copyOf(name.getTableNameSegmentList())));
    return new NextStatement(tables, response.getResumeBytePosition());
  }

  public Message parse(String sql) {
    return Trees.unwrap(
        answer(
                ParseRequest.newBuilder()
                    .setSqlStatement(sql)
                    .setOptions(options.getLanguageOptions())
                    .build(),
                service::parse)
            .getParsedStatement());
  }

  public ASTScriptProto parseScript(String sql) {
    return answer(
            ParseRequest.newBuilder()
                .setSqlStatement(sql)
                .setOptions(options.getLanguageOptions())
                .setAllowScript(true)
                .build(),
            service::parse)
        .getParsedScript();
  }

  /** With the positions of names, so that they can be replaced in the text. */
  public Message analyze(String sql, SimpleCatalogProto catalog, Parameters parameters) {
    AnalyzerOptionsProto.Builder all =
        options.toBuilder()
            .setParseLocationRecordType(ParseLocationRecordType.PARSE_LOCATION_RECORD_CODE_SEARCH);
    parameters.declare(all);
    return Trees.unwrap(analyze(sql, seen(catalog, parameters), all.build()));
  }

  /** With the positions of whole expressions. */
  public AnyResolvedStatementProto analyzeExpanded(
      String sql, SimpleCatalogProto catalog, Parameters parameters) {
    AnalyzerOptionsProto.Builder all =
        options.toBuilder()
            .setParseLocationRecordType(
                ParseLocationRecordType.PARSE_LOCATION_RECORD_FULL_NODE_SCOPE);
    parameters.declare(all);
    all.addAllEnabledRewrites(INLINED);
    return parameters
        .variables()
        .asParameters(analyze(sql, seen(catalog, parameters), all.build()));
  }

  private static SimpleCatalogProto seen(SimpleCatalogProto catalog, Parameters parameters) {
    SimpleCatalogProto.Builder all = catalog.toBuilder();
    parameters.variables().declare(all);
    return all.build();
  }

  private AnyResolvedStatementProto analyze(
      String sql, SimpleCatalogProto catalog, AnalyzerOptionsProto all) {
    return answer(
            AnalyzeRequest.newBuilder()
                .setSqlStatement(sql)
                .setOptions(all)
                .setSimpleCatalog(builtins(catalog))
                .setDescriptorPoolList(descriptors)
                .build(),
            this::analyzed)
        .getResolvedStatement();
  }

  private AnalyzeResponse analyzed(AnalyzeRequest request) {
    AnalyzeResponse response = service.analyze(request);
    if (!FoldedDates.mayBeIn(response)) {
      return response;
    }
    String sql = FoldedDates.asCalls(request.getSqlStatement());
    AnalyzeResponse unfolded = service.analyze(request.toBuilder().setSqlStatement(sql).build());
    FoldedDates.check(sql, unfolded);
    return unfolded;
  }

  /** The service reads nothing but the request: a view is analyzed once, not by each reader. */
  @SuppressWarnings("unchecked")
  private <Q extends Message, A extends Message> A answer(Q request, Function<Q, A> service) {
    return (A) answers.get(request, unknown -> call(() -> service.apply((Q) unknown)));
  }

  /** A query with one parameter, to be evaluated many times; kept as long as there is room. */
  public PreparedQuery prepared(String sql, String parameter, TypeProto type) {
    synchronized (prepared) {
      return prepared.computeIfAbsent(sql + type, key -> prepare(sql, parameter, type));
    }
  }

  private PreparedQuery prepare(String sql, String parameter, TypeProto type) {
    AnalyzerOptionsProto all =
        options.toBuilder()
            .addQueryParameters(
                AnalyzerOptionsProto.QueryParameterProto.newBuilder()
                    .setName(parameter)
                    .setType(type))
            .build();
    return call(
        () ->
            new PreparedQuery(
                service
                    .prepareQuery(
                        PrepareQueryRequest.newBuilder()
                            .setSql(sql)
                            .setOptions(all)
                            .setSimpleCatalog(builtins(SimpleCatalogProto.getDefaultInstance()))
                            .setDescriptorPoolList(descriptors)
                            .build())
                    .getPrepared()
                    .getPreparedQueryId(),
                parameter));
  }

  /** A query in the library's memory. */
  public final class PreparedQuery {
    private final long id;
    private final String parameter;

    private PreparedQuery(long id, String parameter) {
      this.id = id;
      this.parameter = parameter;
    }

    /** The first column of the result. Throws {@link ApiException} with what was wrong. */
    public List<ValueProto> evaluate(ValueProto value) {
      TableData data =
          call(
              () ->
                  service
                      .evaluateQuery(
                          EvaluateQueryRequest.newBuilder()
                              .setPreparedQueryId(id)
                              .addParams(
                                  LocalService.Parameter.newBuilder()
                                      .setName(parameter)
                                      .setValue(value))
                              .build())
                      .getContent()
                      .getTableData());
      return data.getRowList().stream().map(row -> row.getCell(0)).toList();
    }

    private void forget() {
      service.unprepareQuery(UnprepareQueryRequest.newBuilder().setPreparedQueryId(id).build());
    }
  }

  public TableData query(String sql, SimpleCatalogProto catalog, Parameters parameters) {
    AnalyzerOptionsProto.Builder all = options.toBuilder();
    parameters.declareNamed(all);
    EvaluateQueryRequest request =
        EvaluateQueryRequest.newBuilder()
            .setSql(sql)
            .setOptions(all)
            .setSimpleCatalog(builtins(seen(catalog, parameters)))
            .setDescriptorPoolList(descriptors)
            .addAllParams(parameters.values())
            .build();
    return call(() -> service.evaluateQuery(request).getContent().getTableData());
  }

  private SimpleCatalogProto builtins(SimpleCatalogProto catalog) {
    SimpleCatalogProto.Builder complete = catalog.toBuilder();
    complete.getBuiltinFunctionOptionsBuilder().setLanguageOptions(options.getLanguageOptions());
    return complete.build();
  }

  /** The text between two positions counted in UTF-8 bytes, as ZetaSQL counts. */
  public static String slice(String sql, int start, int end) {
    byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }

  private static <T> T call(java.util.function.Supplier<T> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException e) {
      throw SqlErrors.translate(e);
    }
  }
}
