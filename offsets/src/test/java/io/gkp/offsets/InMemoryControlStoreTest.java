package io.gkp.offsets;

class InMemoryControlStoreTest extends ControlStoreContract {
  private final InMemoryControlStore store = new InMemoryControlStore();

  @Override
  protected ControlStore process() {
    return store.another();
  }
}
