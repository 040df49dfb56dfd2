package io.gkp.demo.servers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MachineTest {
  @Test
  void intelLinuxAndMacosCanRunTheDemo() {
    assertThat(new Machine("Linux", "amd64").obstacle()).isEmpty();
    assertThat(new Machine("Mac OS X", "x86_64").obstacle()).isEmpty();
  }

  @Test
  void appleSiliconIsToldAboutRosetta() {
    assertThat(new Machine("Mac OS X", "aarch64").obstacle()).get().asString().contains("Rosetta");
  }

  @Test
  void othersAreToldWhereItRuns() {
    assertThat(new Machine("Linux", "aarch64").obstacle())
        .hasValue(
            "The SQL engine of the embedded BigQuery does not exist for Linux on aarch64."
                + " Run the demo on Linux x86-64 or on macOS.");
    assertThat(new Machine("Windows 11", "amd64").obstacle()).isPresent();
  }
}
