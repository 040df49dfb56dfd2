package io.gkp.rooms;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.BigQuery;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the signs at the rooms promise ({@code package-info}): who may touch what. */
class RoomsTest {
  private static final String EMULATOR = "io.gkp.localbigquery..";

  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.gkp")
          .that(not(resideInAPackage("io.gkp.rooms..")));

  @Test
  void noRoomsNeedEachOtherInACircle() {
    slices().matching("io.gkp.(**)").should().beFreeOfCycles().check(PRODUCT);
  }

  @Test
  void debeziumIsKnownWhereTheStreamIsRead() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.gkp.connector.debezium..", "io.gkp.connector.source.stream..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.debezium..", "org.apache.kafka..")
        .check(PRODUCT);
  }

  /** Others hold the client for somebody else, or know its types of columns. */
  @Test
  void bigQueryIsCalledFromTheRoomsOfTheDestination() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.gkp.bigquery..",
            "io.gkp.connector.bigquery..",
            "io.gkp.connector.checks.destination..",
            "io.gkp.sql..",
            "io.gkp.demo..",
            EMULATOR)
        .should()
        .accessClassesThat()
        .areAssignableTo(BigQuery.class)
        .check(PRODUCT);
  }

  @Test
  void theServersLibrariesAreKnownToTheServer() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.gkp.serve..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.javalin..", "gg.jte..")
        .check(PRODUCT);
  }

  @Test
  void theCommandLineIsKnownToCommands() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.gkp.connector.cli..", "io.gkp.serve", "io.gkp.demo..", EMULATOR)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("picocli..")
        .check(PRODUCT);
  }

  @Test
  void theSourceIsAskedFromItsOwnRooms() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.gkp.bigquery..",
            "io.gkp.sql..",
            "io.gkp.connector.bigquery..",
            "io.gkp.connector.changelog..",
            "io.gkp.connector.cli..",
            "io.gkp.connector.config..",
            "io.gkp.connector.mapping..",
            "io.gkp.connector.verify..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.sql..")
        .check(PRODUCT);
  }

  @Test
  void theContractRestsOnNothing() {
    noClasses()
        .that()
        .resideInAnyPackage("io.gkp.failure..", "io.gkp.name..", "io.gkp.raw..")
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages(
            "java..",
            "org.slf4j..",
            "org.jspecify..",
            "io.gkp.failure..",
            "io.gkp.name..",
            "io.gkp.raw..")
        .check(PRODUCT);
  }

  @Test
  void everyRoomHasASign() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(".."), 12)) {
      List<Path> rooms =
          files
              .filter(file -> file.toString().matches("\\.\\./[a-z-]+/src/main/java/.*\\.java"))
              .map(Path::getParent)
              .distinct()
              .toList();
      assertThat(rooms).hasSizeGreaterThan(30);
      assertThat(rooms).allSatisfy(room -> assertThat(room.resolve("package-info.java")).exists());
    }
  }
}
