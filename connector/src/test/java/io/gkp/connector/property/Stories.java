package io.gkp.connector.property;

import io.gkp.connector.property.ExportAction.Batches;
import io.gkp.connector.property.ExportAction.Ending;
import io.gkp.connector.property.ExportAction.Folding;
import io.gkp.connector.property.ExportAction.Meanwhile;
import io.gkp.connector.property.ExportAction.Step;
import io.gkp.connector.property.ExportAction.Trouble;
import io.gkp.connector.property.SourceAction.Transaction;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Random stories. Few keys, so that what happens happens to the same rows. */
final class Stories {
  private static final int KEYS = 5;
  private static final int MOST_VALUES = 6;
  private static final int LONGEST_MEANWHILE = 6;
  private static final int LATEST_REQUEST = 60;
  private static final int LATEST_OF_A_STEP = 4;
  private static final int LATEST_JOB = 12;

  private Stories() {}

  static Arbitrary<Story> stories(int longest) {
    Arbitrary<Action> actions =
        Arbitraries.frequencyOf(
            Tuple.of(80, sourceActions().map(action -> action)),
            Tuple.of(6, runs().map(action -> action)),
            Tuple.of(7, eventfulRuns().map(action -> action)),
            Tuple.of(2, keyed().map(Action::reset)),
            Tuple.of(
                3,
                Combinators.combine(keyed(), Arbitraries.integers().between(0, 1))
                    .as(Action::backfill)),
            Tuple.of(4, models().map(action -> action)));
    return actions.list().ofMinSize(longest / 2).ofMaxSize(longest).map(Story::new);
  }

  private static Arbitrary<ExportAction.Run> runs() {
    return Arbitraries.of(Batches.class).map(Action::run);
  }

  private static Arbitrary<ExportAction.Run> eventfulRuns() {
    Arbitrary<Meanwhile> meanwhile =
        Combinators.combine(moments(), sourceActions().list().ofMaxSize(LONGEST_MEANWHILE))
            .as((moment, actions) -> new Meanwhile(moment.get1(), moment.get2(), actions));
    Arbitrary<Trouble> trouble =
        Combinators.combine(moments(), endings())
            .as((moment, ending) -> new Trouble(moment.get1(), moment.get2(), ending));
    return Combinators.combine(
            Arbitraries.of(Batches.class),
            Arbitraries.oneOf(Arbitraries.just(Meanwhile.NOTHING), meanwhile),
            Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.just(Trouble.NONE)), Tuple.of(3, trouble)))
        .as(ExportAction.Run::new);
  }

  private static Arbitrary<Tuple.Tuple2<Step, Integer>> moments() {
    Arbitrary<Tuple.Tuple2<Step, Integer>> anywhere =
        Arbitraries.integers().between(1, LATEST_REQUEST).map(nth -> Tuple.of(Step.ANY, nth));
    Arbitrary<Tuple.Tuple2<Step, Integer>> atStep =
        Combinators.combine(
                Arbitraries.of(Step.class).filter(step -> step != Step.ANY),
                Arbitraries.integers().between(1, LATEST_OF_A_STEP))
            .as(Tuple::of);
    return Arbitraries.oneOf(anywhere, atStep);
  }

  private static Arbitrary<Ending> endings() {
    return Arbitraries.frequency(
        Tuple.of(8, Ending.DIES_BEFORE),
        Tuple.of(8, Ending.DIES_AFTER),
        Tuple.of(4, Ending.STOPS),
        Tuple.of(1, Ending.IS_KILLED_BEFORE),
        Tuple.of(1, Ending.IS_KILLED_AFTER));
  }

  private static Arbitrary<ExportAction.Models> models() {
    return Combinators.combine(
            Arbitraries.of(Folding.class),
            Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.just(0)),
                Tuple.of(1, Arbitraries.integers().between(1, LATEST_JOB))))
        .as(ExportAction.Models::new);
  }

  private static Arbitrary<SourceAction> sourceActions() {
    Arbitrary<Integer> session = Arbitraries.integers().between(0, Sessions.COUNT - 1);
    Arbitrary<Integer> key = Arbitraries.integers().between(0, KEYS - 1);
    Arbitrary<SourceTable> table =
        Arbitraries.frequency(
            Tuple.of(2, SourceTable.PLAIN),
            Tuple.of(3, SourceTable.PAIRS),
            Tuple.of(5, SourceTable.WIDE),
            Tuple.of(1, SourceTable.EVENTS));
    return Arbitraries.frequencyOf(
        Tuple.of(16, Combinators.combine(session, table, key, choices()).as(Action::insert)),
        Tuple.of(16, Combinators.combine(session, table, key, choices()).as(Action::update)),
        Tuple.of(8, Combinators.combine(session, table, key, key, choices()).as(Action::move)),
        Tuple.of(4, Combinators.combine(session, table, key, key).as(Action::swap)),
        Tuple.of(6, Combinators.combine(session, table, key).as(Action::delete)),
        Tuple.of(
            4,
            Combinators.combine(
                    session, table, key, Arbitraries.integers().between(2, KEYS), choices())
                .as(Action::insertMany)),
        Tuple.of(
            2,
            Combinators.combine(session, table, key, Arbitraries.integers().between(1, KEYS))
                .as(Action::copy)),
        Tuple.of(3, Combinators.combine(session, table, choices()).as(Action::updateAll)),
        Tuple.of(1, Combinators.combine(session, table).as(Action::truncate)),
        Tuple.of(1, table.map(Action::addColumn)),
        Tuple.of(
            16,
            Combinators.combine(
                    session,
                    Arbitraries.frequency(
                        Tuple.of(6, Transaction.Verb.BEGIN),
                        Tuple.of(5, Transaction.Verb.COMMIT),
                        Tuple.of(2, Transaction.Verb.SAVEPOINT),
                        Tuple.of(2, Transaction.Verb.ROLLBACK_TO_SAVEPOINT),
                        Tuple.of(1, Transaction.Verb.ROLLBACK)))
                .as(Transaction::new)));
  }

  private static Arbitrary<SourceTable> keyed() {
    return Arbitraries.of(SourceTable.PLAIN, SourceTable.PAIRS, SourceTable.WIDE);
  }

  /** Most columns keep their values: those are what Postgres does not send again. */
  private static Arbitrary<Integer> choices() {
    return Arbitraries.frequency(
            Tuple.of(4, SourceValue.Kind.KEPT),
            Tuple.of(1, SourceValue.Kind.NULL),
            Tuple.of(2, SourceValue.Kind.SHORT),
            Tuple.of(4, SourceValue.Kind.LONG))
        .list()
        .ofSize(MOST_VALUES + 1)
        .map(Stories::choice);
  }

  private static int choice(List<SourceValue.Kind> kinds) {
    int choice = 0;
    for (int i = 0; i < kinds.size(); i++) {
      choice |= kinds.get(i).ordinal() << (2 * i);
    }
    return choice;
  }
}
