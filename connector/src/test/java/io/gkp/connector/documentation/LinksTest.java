package io.gkp.connector.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Nobody who follows a link of the documentation ends nowhere. */
class LinksTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern CONTENTS = Pattern.compile("(?ms)^On this page: (.*?)^$");

  /** Lines of a page that nobody sees as a whole. */
  private static final int LONG = 120;

  @Test
  void everyRelativeLinkAndItsAnchorExist() {
    List<String> broken = new ArrayList<>();
    for (Path page : Pages.all()) {
      LINK.matcher(Pages.prose(page))
          .results()
          .map((MatchResult link) -> link.group(1))
          .filter(link -> !link.matches("[a-z]+:.*") && !leads(page, link))
          .forEach(link -> broken.add(page + " -> " + link));
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void everyPageIsInTheIndex() {
    Path index = Pages.TOP.resolve("docs").resolve("README.md");
    List<Path> listed =
        LINK.matcher(Pages.prose(index))
            .results()
            .map(link -> index.resolveSibling(link.group(1).replaceAll("#.*", "")).normalize())
            .toList();
    assertThat(Pages.all().stream().map(Path::normalize))
        .filteredOn(page -> page.toString().contains("docs") && !page.endsWith("docs/README.md"))
        .allSatisfy(page -> assertThat(listed).contains(page));
  }

  @Test
  void everyLongPageBeginsWithItsHeadings() {
    assertThat(Pages.all())
        .filteredOn(page -> page.toString().contains("docs") && isLong(page))
        .hasSizeGreaterThan(10)
        .allSatisfy(
            page -> assertThat(contents(page)).as(page.toString()).isEqualTo(Pages.sections(page)));
  }

  private static boolean isLong(Path page) {
    return Pages.read(page).lines().count() > LONG;
  }

  /** The anchors that the paragraph "On this page" leads to. */
  private static List<String> contents(Path page) {
    return CONTENTS
        .matcher(Pages.prose(page))
        .results()
        .flatMap(paragraph -> LINK.matcher(paragraph.group(1)).results())
        .map(link -> link.group(1).substring(1))
        .toList();
  }

  private static boolean leads(Path page, String link) {
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
    return Files.exists(target) && (parts.length == 1 || Pages.anchors(target).contains(parts[1]));
  }
}
