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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of {@code deploy/} hold what Kubernetes, Terraform and our own commands take. */
class DeployTest {
  private static final Path DEPLOY = Path.of("..", "deploy");
  private static final List<String> LAYERS = List.of("base", "page", "monitoring");
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

  /** By kind. */
  private static Map<String, ObjectNode> schemas() throws IOException {
    ObjectNode document =
        (ObjectNode)
            new ObjectMapper()
                .readTree(DeployTest.class.getResource("/kubernetes/kubernetes-1.32.json"));
    Map<String, ObjectNode> schemas = new HashMap<>();
    document
        .path("kinds")
        .fields()
        .forEachRemaining(
            kind ->
                schemas.put(
                    kind.getKey(),
                    document.deepCopy().put("$ref", "#/definitions/" + kind.getValue().asText())));
    return schemas;
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
    Map<String, ObjectNode> schemas = schemas();
    JsonSchemaFactory factory = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7);
    List<JsonNode> objects = objects();
    assertThat(objects).hasSizeGreaterThan(6);
    for (JsonNode object : objects) {
      if (object.path("apiVersion").asText().equals(FOREIGN)) {
        continue;
      }
      String kind = object.path("kind").asText();
      assertThat(factory.getSchema(schemas.get(kind)).validate(object))
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
  void kustomizeBuildsEveryLayer(@TempDir Path folder) throws Exception {
    Map<String, String> built = built(folder);
    assertThat(built.values()).allMatch(text -> text.contains("kind: CronJob"));
    assertThat(matches(built.get("shards"), "completionMode: Indexed")).hasSize(2);
  }

  /** What kustomize makes of each layer, and of the topmost one with shards. */
  private static Map<String, String> built(Path folder) throws Exception {
    assumeTrue(isThere("kubectl"), "kubectl is not installed");
    Map<String, String> built = new HashMap<>();
    for (String layer : LAYERS) {
      built.put(layer, run("kubectl", "kustomize", "../deploy/kubernetes/" + layer));
    }
    Path kubernetes = folder.toRealPath().relativize(DEPLOY.resolve("kubernetes").toRealPath());
    Files.writeString(
        folder.resolve("kustomization.yaml"),
        """
        resources: [%1$s/monitoring]
        components: [%1$s/shards]
        """
            .formatted(kubernetes));
    built.put("shards", run("kubectl", "kustomize", folder.toString()));
    return built;
  }

  /** Patches included, which no look at a single file sees. */
  @Test
  void kubeconformTakesWhatKustomizeBuilds(@TempDir Path folder) throws Exception {
    assumeTrue(isThere("kubeconform"), "kubeconform is not installed");
    Map<String, String> layers = built(folder);
    for (Map.Entry<String, ObjectNode> schema : schemas().entrySet()) {
      Files.writeString(
          folder.resolve(schema.getKey().toLowerCase(Locale.ROOT) + ".json"),
          schema.getValue().toString());
    }
    for (Map.Entry<String, String> layer : layers.entrySet()) {
      Path built = folder.resolve(layer.getKey() + ".yaml");
      Files.writeString(built, layer.getValue());
      assertThat(
              run(
                  "kubeconform",
                  "-strict",
                  "-summary",
                  "-skip",
                  "ServiceMonitor",
                  "-schema-location",
                  folder + "/{{.ResourceKind}}.json",
                  built.toString()))
          .contains("Invalid: 0, Errors: 0");
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
