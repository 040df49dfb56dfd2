package io.gkp.connector.property;

import static io.gkp.connector.property.Action.insert;
import static io.gkp.connector.property.Action.models;
import static io.gkp.connector.property.Action.run;
import static io.gkp.connector.property.Action.update;
import static io.gkp.connector.property.ExportAction.Folding.ALWAYS;
import static io.gkp.connector.property.SourceTable.WIDE;

import org.junit.jupiter.api.Test;

/** Stories that {@link ExportPropertyTest} once found, shrunk. */
class ShrunkStoriesTest {
  @Test
  void anUpdateThatLeavesLongValuesAlone() {
    World.tell(insert(0, WIDE, 1, 0xFFF), run(), models(ALWAYS), update(0, WIDE, 1, 0x800), run());
  }
}
