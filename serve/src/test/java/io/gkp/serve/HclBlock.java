package io.gkp.serve;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of Terraform's language, in the layout that {@code terraform fmt} gives it. A {@code
 * dynamic} block is the block that it makes.
 *
 * @param kind such as {@code resource}, or the name of a nested block
 * @param labels such as the resource's type and name
 * @param attributes expressions as they stand there, by name
 * @see <a href="https://developer.hashicorp.com/terraform/language/syntax/configuration">syntax</a>
 */
record HclBlock(
    String kind, List<String> labels, Map<String, String> attributes, List<HclBlock> blocks) {
  private static final Pattern OPEN = Pattern.compile("(\\w+)((?: \"[^\"]*\")*) \\{(\\})?");
  private static final Pattern LABEL = Pattern.compile("\"([^\"]*)\"");
  private static final Pattern ATTRIBUTE = Pattern.compile("(\\w+) += (.*)");
  private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");

  private HclBlock(String kind, List<String> labels) {
    this(kind, labels, new LinkedHashMap<>(), new ArrayList<>());
  }

  /** The blocks of a file. */
  static List<HclBlock> parse(String text) {
    HclBlock file = new HclBlock("file", List.of());
    Deque<HclBlock> open = new ArrayDeque<>(List.of(file));
    String name = null; // of an expression that goes on in the next line
    for (String line : text.lines().map(String::strip).toList()) {
      Matcher begin = OPEN.matcher(line);
      Matcher attribute = ATTRIBUTE.matcher(line);
      if (name != null) {
        open.element().attributes.merge(name, line, (before, now) -> before + "\n" + now);
      } else if (line.isEmpty() || line.startsWith("#")) {
        continue;
      } else if (begin.matches()) {
        HclBlock block =
            new HclBlock(
                begin.group(1),
                LABEL.matcher(begin.group(2)).results().map(label -> label.group(1)).toList());
        open.element().blocks.add(block);
        if (begin.group(3) == null) {
          open.push(block);
        }
      } else if (line.equals("}")) {
        open.pop();
      } else if (attribute.matches()) {
        name = attribute.group(1);
        open.element().attributes.put(name, attribute.group(2));
      } else {
        throw new IllegalArgumentException("neither block nor attribute: " + line);
      }
      if (name != null && isWhole(open.element().attributes.get(name))) {
        name = null;
      }
    }
    if (open.size() != 1) {
      throw new IllegalArgumentException("not closed: " + open.element().kind);
    }
    return file.made().blocks;
  }

  private static boolean isWhole(String expression) {
    String bare = STRING.matcher(expression).replaceAll("").replaceAll("#.*", "");
    long opened = bare.chars().filter(c -> "([{".indexOf(c) >= 0).count();
    return opened == bare.chars().filter(c -> ")]}".indexOf(c) >= 0).count();
  }

  private HclBlock made() {
    List<HclBlock> inner = blocks.stream().map(HclBlock::made).toList();
    if (!kind.equals("dynamic")) {
      return new HclBlock(kind, labels, attributes, inner);
    }
    HclBlock content = inner.get(0);
    return new HclBlock(labels.get(0), List.of(), content.attributes, content.blocks);
  }
}
