package io.gkp.bench;

import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.session.ServerText;
import io.gkp.connector.source.Catalogue;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.connector.source.stream.Change;
import io.gkp.connector.source.stream.ChangeHandler;
import io.gkp.connector.source.stream.ChangeStream;
import io.gkp.name.Lsn;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The export's engine, with nobody behind it. */
final class DiscardingEngine {
  private DiscardingEngine() {}

  public static void main(String[] arguments) throws Exception {
    SourceConfig config = Source.config(arguments[0], arguments[1]);
    Lsn end = Lsn.parse(arguments[2]);
    CompletableFuture<Void> over = new CompletableFuture<>();
    ChangeHandler nobody =
        new ChangeHandler() {
          @Override
          public void change(Change change) {}

          @Override
          public boolean transactionEnd(Lsn position) {
            return !end.isAfter(position) && fence(position);
          }

          @Override
          public boolean fence(Lsn position) {
            over.complete(null);
            return false;
          }

          @Override
          public Lsn durable() {
            return Lsn.NONE;
          }
        };
    try (ChangeStream stream =
        new ChangeStream(
            config,
            new Catalogue(new SourceDatabase(config)),
            Map.of(),
            ServerText.UTF_8,
            end,
            nobody)) {
      CompletableFuture.anyOf(stream.start(), over).get();
    }
    System.exit(0);
  }
}
