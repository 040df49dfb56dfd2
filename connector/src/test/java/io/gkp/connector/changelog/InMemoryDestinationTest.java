package io.gkp.connector.changelog;

import org.junit.jupiter.api.BeforeEach;

class InMemoryDestinationTest extends ChangelogDestinationContract {
  private final InMemoryDestination destination = new InMemoryDestination();

  @BeforeEach
  void rejectTextInAColumnOfNumbers() {
    destination.reject(part -> InMemoryDestination.text(part).equals(REJECTED));
  }

  @Override
  protected ChangelogDestination process() {
    return destination.another();
  }

  @Override
  protected long rows() {
    return destination.rows("raw_notes").size();
  }
}
