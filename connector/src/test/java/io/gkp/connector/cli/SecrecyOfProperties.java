package io.gkp.connector.cli;

import net.jqwik.api.lifecycle.AroundContainerHook;
import net.jqwik.api.lifecycle.ContainerLifecycleContext;

/** {@link Secrecy} for classes of properties, which are no tests of Jupiter's. */
public final class SecrecyOfProperties implements AroundContainerHook {
  @Override
  public void beforeContainer(ContainerLifecycleContext context) {
    Secrecy.begin();
  }

  @Override
  public void afterContainer(ContainerLifecycleContext context) {
    Secrecy.end();
  }
}
