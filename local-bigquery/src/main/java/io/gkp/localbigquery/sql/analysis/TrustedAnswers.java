package io.gkp.localbigquery.sql.analysis;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Message;
import com.google.zetasql.io.grpc.CallOptions;
import com.google.zetasql.io.grpc.Channel;
import com.google.zetasql.io.grpc.ClientCall;
import com.google.zetasql.io.grpc.ClientInterceptor;
import com.google.zetasql.io.grpc.MethodDescriptor;
import com.google.zetasql.io.grpc.MethodDescriptor.Marshaller;
import com.google.zetasql.io.grpc.MethodDescriptor.PrototypeMarshaller;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Reads what the library's service answers as it comes. Otherwise every message of a tree would be
 * searched for required fields that are absent, which takes as long as reading it.
 */
final class TrustedAnswers implements ClientInterceptor {
  /** Messages within messages: some eight for each query within a query. */
  private static final int MOST_NESTED = 1_000;

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return next.newCall(
        method.toBuilder(method.getRequestMarshaller(), trusting(method.getResponseMarshaller()))
            .build(),
        options);
  }

  private static <A> Marshaller<A> trusting(Marshaller<A> checking) {
    A prototype = ((PrototypeMarshaller<A>) checking).getMessagePrototype();
    return new Marshaller<>() {
      @Override
      public InputStream stream(A value) {
        return checking.stream(value);
      }

      @Override
      @SuppressWarnings("unchecked")
      public A parse(InputStream bytes) {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        in.setSizeLimit(Integer.MAX_VALUE);
        in.setRecursionLimit(MOST_NESTED);
        try {
          return (A) ((Message) prototype).getParserForType().parsePartialFrom(in);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }
}
