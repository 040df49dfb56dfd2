package io.gkp.connector.property;

import static io.gkp.connector.property.Action.at;
import static io.gkp.connector.property.Action.backfill;
import static io.gkp.connector.property.Action.begin;
import static io.gkp.connector.property.Action.commit;
import static io.gkp.connector.property.Action.delete;
import static io.gkp.connector.property.Action.insert;
import static io.gkp.connector.property.Action.meanwhile;
import static io.gkp.connector.property.Action.models;
import static io.gkp.connector.property.Action.reset;
import static io.gkp.connector.property.Action.run;
import static io.gkp.connector.property.Action.truncate;
import static io.gkp.connector.property.Action.update;
import static io.gkp.connector.property.ExportAction.Batches.SMALL;
import static io.gkp.connector.property.ExportAction.Ending.DIES_AFTER;
import static io.gkp.connector.property.ExportAction.Ending.DIES_BEFORE;
import static io.gkp.connector.property.ExportAction.Folding.NEVER;
import static io.gkp.connector.property.ExportAction.Step.CHECKPOINT;
import static io.gkp.connector.property.ExportAction.Step.COMPLETED;
import static io.gkp.connector.property.ExportAction.Step.SEND_PART;
import static io.gkp.connector.property.SourceTable.WIDE;

import org.junit.jupiter.api.Test;

/** Stories that once went wrong, found by {@link ExportPropertyTest} and shrunk, or by thinking. */
class ShrunkStoriesTest {
  /** The first update was shown with the long values of the third, which the backfill had read. */
  @Test
  void aRunDiesBetweenABackfillAndItsSecondFence() {
    World.tell(
        insert(0, WIDE, 1, 0xFFF),
        run(),
        models(NEVER),
        backfill(WIDE, 1),
        run(
            SMALL,
            meanwhile(
                CHECKPOINT,
                2,
                update(0, WIDE, 1, 0x800),
                update(0, WIDE, 1, 0x803),
                update(0, WIDE, 1, 0x80C)),
            at(CHECKPOINT, 3, DIES_AFTER)));
  }

  /** Of the transaction, the old epoch showed the half that the dead run had loaded into it. */
  @Test
  void aTableIsReadAnewAfterARunThatDiedWithinABatch() {
    World.tell(
        insert(0, WIDE, 1, 0xFFF),
        insert(0, WIDE, 2, 0xFFF),
        run(),
        models(NEVER),
        begin(0),
        update(0, WIDE, 1, 0xAAA),
        update(0, WIDE, 2, 0xAAA),
        commit(0),
        run(SMALL, at(SEND_PART, 1, DIES_AFTER)),
        reset(WIDE),
        run(SMALL, at(COMPLETED, 1, DIES_BEFORE)));
  }

  /** The history told of the row's last version beside the one before it. */
  @Test
  void aRowIsChangedAndGoneBeforeItsTableIsReadAnew() {
    World.tell(
        insert(0, WIDE, 1, 0xAAA),
        run(),
        update(0, WIDE, 1, 0xBBB),
        delete(0, WIDE, 1),
        reset(WIDE),
        run(),
        models(NEVER));
  }

  /** The history let the row's version end before it began. */
  @Test
  void aTableIsTruncatedBeforeItIsReadAnew() {
    World.tell(
        run(), insert(0, WIDE, 1, 0xAAA), truncate(0, WIDE), reset(WIDE), run(), models(NEVER));
  }
}
