package io.gkp.connector.cli;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gkp.name.TableName;
import io.gkp.testing.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The watch over all other tests sees what it is there for. */
class SecrecyTest {
  private static final List<TableName> TABLES = List.of(TableName.parse("people"));

  @Test
  void aValueThatIsLoggedOrPrintedOrReportedFailsTheTest() {
    TestPostgres.Database database = TestPostgres.shared().createDatabase();
    database.execute(
        "CREATE TABLE people (id text PRIMARY KEY, name text)",
        "INSERT INTO people VALUES ('k-aiWe7', 'vOh4ph')");
    Secrecy.keep(database, TABLES);
    Secrecy.tell(new String[] {"verify"}, "differs: k-aiWe7");
    Secrecy.tell(new String[] {"offsets", "--keys=k-aiWe7"}, "queued: k-aiWe7");
    assertThatCode(Secrecy::check).doesNotThrowAnyException();

    LoggerFactory.getLogger("io.gkp.test").debug("There is vOh4ph.");
    assertLeak(database);
    Secrecy.tell(new String[] {"verify"}, "vOh4ph differs");
    assertLeak(database);
    Secrecy.tell("RunReport[message=Key (id)=(k-aiWe7) exists]");
    assertLeak(database);
  }

  private static void assertLeak(TestPostgres.Database database) {
    Secrecy.keep(database, TABLES);
    assertThatThrownBy(Secrecy::check).hasMessageContaining("Row values were told");
  }
}
