package io.gkp.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.gkp.connector.cli.GkpCli;
import io.gkp.connector.config.Setting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files of {@code deploy/} hold what Kubernetes, Terraform and our own commands take. */
class DeployTest {
  private static final Path DEPLOY = Path.of("..", "deploy");
  private static final YAMLMapper YAML = new YAMLMapper();

  /** Its schema belongs to the Prometheus operator, and is not in Kubernetes' document. */
  private static final String FOREIGN = "monitoring.coreos.com/v1";

  /** Variables that are read beside the settings. */
  private static final Set<String> MORE =
      Set.of("PGPASSWORD", "GKP_SERVE_TOKEN_FILE", "GKP_SERVE_VIEWER_TOKEN_FILE");

  private static List<Path> files(String folder, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(DEPLOY.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  private static List<JsonNode> objects() throws IOException {
    List<JsonNode> objects = new ArrayList<>();
    for (Path file : files("kubernetes", ".yaml")) {
      if (!file.endsWith("kustomization.yaml")) {
        YAML.readerFor(JsonNode.class)
            .<JsonNode>readValues(file.toFile())
            .forEachRemaining(objects::add);
      }
    }
    return objects;
  }

  private static List<MatchResult> matches(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().toList();
  }

  private static Set<String> names(String text, String pattern) {
    return matches(text, pattern).stream()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String terraform() throws IOException {
    StringBuilder text = new StringBuilder();
    for (Path file : files("terraform", ".tf")) {
      text.append(Files.readString(file)).append('\n');
    }
    return text.toString();
  }

  @Test
  void everyObjectHasTheShapeThatKubernetesTakes() throws IOException {
    ObjectNode document =
        (ObjectNode)
            new ObjectMapper()
                .readTree(DeployTest.class.getResource("/kubernetes/kubernetes-1.32.json"));
    JsonSchemaFactory factory = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7);
    List<JsonNode> objects = objects();
    assertThat(objects).hasSizeGreaterThan(6);
    for (JsonNode object : objects) {
      if (object.path("apiVersion").asText().equals(FOREIGN)) {
        continue;
      }
      String kind = object.path("kind").asText();
      ObjectNode schema = document.deepCopy();
      schema.put("$ref", "#/definitions/" + document.path("kinds").path(kind).asText());
      assertThat(factory.getSchema(schema).validate(object))
          .as(kind + " " + object.path("metadata").path("name").asText())
          .isEmpty();
    }
  }

  @Test
  void everyCommandIsOneOfOurs() throws IOException {
    List<List<String>> commands = new ArrayList<>();
    for (JsonNode object : objects()) {
      for (JsonNode args : object.findValues("args")) {
        List<String> words = new ArrayList<>();
        args.forEach(word -> words.add(word.asText()));
        commands.add(words);
      }
    }
    matches(terraform(), "args += \\[([^\\]]*(?:\\[[^\\]]*\\][^\\]]*)*)\\]")
        .forEach(
            list ->
                commands.add(
                    matches(list.group(1), "\"((?:[^\"$]|\\$\\{[^}]*\\})*)\"|(var\\.\\w+)").stream()
                        .map(word -> word.group(1) == null ? "1%" : word.group(1))
                        .toList()));
    assertThat(commands).hasSizeGreaterThan(5);
    for (List<String> words : commands) {
      assertThatCode(() -> GkpCli.commandLine().parseArgs(words.toArray(String[]::new)))
          .as(String.join(" ", words))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void everyVariableIsASetting() throws IOException {
    Set<String> known = new TreeSet<>(MORE);
    Arrays.stream(Setting.values()).map(Setting::variable).forEach(known::add);
    Set<String> used = new TreeSet<>();
    for (JsonNode object : objects()) {
      object.findValues("env").forEach(env -> env.forEach(e -> used.add(e.path("name").asText())));
    }
    for (Path file : files("kubernetes", ".env")) {
      used.addAll(names(Files.readString(file), "(?m)^([A-Z_]+)="));
    }
    used.addAll(names(terraform(), "(?m)^\\s*\\{? ?((?:GKP|DATABASE|PG)[A-Z_]*) +="));
    assertThat(used).contains("DATABASE_URL", "GKP_SERVE_IAP_AUDIENCE");
    assertThat(known).containsAll(used);
  }

  @Test
  void everyReferenceInTerraformLeadsSomewhere() throws IOException {
    String text = terraform();
    assertThat(names(text, "var\\.(\\w+)"))
        .isEqualTo(names(text, "(?m)^variable \"(\\w+)\" \\{\\n  description = \"[^\"]+\""));
    assertThat(names(text, "(?m)^variable \"(\\w+)\""))
        .isEqualTo(names(text, "(?m)^variable \"(\\w+)\" \\{\\n  description = \"[^\"]+\""));
    Set<String> locals = names(text, "local\\.(\\w+)");
    assertThat(names(text, "(?m)^  (\\w+) += ")).containsAll(locals);
    Set<String> declared =
        matches(text, "(?m)^(resource|data) \"(\\w+)\" \"(\\w+)\"").stream()
            .map(
                match ->
                    (match.group(1).equals("data") ? "data." : "")
                        + match.group(2)
                        + "."
                        + match.group(3))
            .collect(Collectors.toSet());
    assertThat(declared)
        .containsAll(names(text, "(?<![\\w\"/.-])((?:data\\.)?google_\\w+\\.\\w+)"));
  }

  @Test
  void terraformFindsNothingToFormat() throws Exception {
    assumeTrue(isThere("terraform"), "terraform is not installed");
    assertThat(run("terraform", "fmt", "-check", "-diff", "../deploy/terraform")).isEmpty();
  }

  @Test
  void kustomizeBuildsEveryLayer() throws Exception {
    assumeTrue(isThere("kubectl"), "kubectl is not installed");
    for (String layer : List.of("base", "shards", "page", "monitoring")) {
      assertThat(run("kubectl", "kustomize", "../deploy/kubernetes/" + layer))
          .contains("kind: CronJob");
    }
  }

  private static boolean isThere(String command) {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
  }

  /** What a command prints; it has to end well. */
  private static String run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
