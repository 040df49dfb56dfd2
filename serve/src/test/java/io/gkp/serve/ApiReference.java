package io.gkp.serve;

import static java.util.Locale.ROOT;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes {@code docs/reference/api.md} of the OpenAPI document. */
final class ApiReference {
  private ApiReference() {}

  static String of(JsonNode document) {
    StringBuilder page =
        new StringBuilder(
            """
            # Admin API

            Who this is for: you write a script against the admin API.
            What you get: every request, made of `GET /api/openapi.json` (OpenAPI 3.1) by a test; [serve](../operate/serve.md) has who may call.

            On this page: %s

            | request | who | what | answer |
            |---|---|---|---|
            """
                .formatted(contents(document)));
    document
        .path("paths")
        .fields()
        .forEachRemaining(
            path ->
                path.getValue()
                    .fields()
                    .forEachRemaining(method -> page.append(row(path.getKey(), method))));
    page.append("\nWhat is refused comes as `application/problem+json`: `Problem`.\n");
    document
        .path("components")
        .path("schemas")
        .fields()
        .forEachRemaining(schema -> page.append(schema(schema.getKey(), schema.getValue())));
    return page.toString();
  }

  private static String contents(JsonNode document) {
    List<String> links = new ArrayList<>();
    document
        .path("components")
        .path("schemas")
        .fieldNames()
        .forEachRemaining(name -> links.add("[" + name + "](#" + name.toLowerCase(ROOT) + ")"));
    return String.join(" ·\n", links);
  }

  private static String row(String path, Map.Entry<String, JsonNode> method) {
    StringBuilder answers = new StringBuilder();
    method
        .getValue()
        .path("responses")
        .fields()
        .forEachRemaining(
            response -> {
              if (!response.getKey().equals("default")) {
                JsonNode schema =
                    response.getValue().path("content").path("application/json").path("schema");
                answers
                    .append(answers.isEmpty() ? "" : ", ")
                    .append(response.getKey())
                    .append(schema.has("$ref") ? " `" + type(schema) + "`" : "");
              }
            });
    StringBuilder what = new StringBuilder(method.getValue().path("summary").asText());
    JsonNode body = method.getValue().path("requestBody").path("content").path("application/json");
    if (body.has("schema")) {
      what.append("; body `").append(type(body.path("schema"))).append("`");
    }
    method
        .getValue()
        .path("parameters")
        .forEach(
            parameter -> {
              if (parameter.path("in").asText().equals("query")) {
                what.append("; `").append(parameter.path("name").asText()).append("`");
              }
            });
    return "| `%s %s` | %s | %s | %s |%n"
        .formatted(
            method.getKey().toUpperCase(ROOT),
            path,
            method.getValue().path("x-role").asText(),
            what,
            answers);
  }

  private static String schema(String name, JsonNode schema) {
    StringBuilder text = new StringBuilder("\n## " + name + "\n\n");
    if (schema.has("description")) {
      text.append(schema.path("description").asText()).append("\n\n");
    }
    text.append("| member | type |\n|---|---|\n");
    schema
        .path("properties")
        .fields()
        .forEachRemaining(
            member ->
                text.append("| `")
                    .append(member.getKey())
                    .append("` | ")
                    .append(type(member.getValue()))
                    .append(
                        member.getValue().has("description")
                            ? ". " + member.getValue().path("description").asText()
                            : "")
                    .append(" |\n"));
    return text.toString();
  }

  private static String type(JsonNode schema) {
    if (schema.has("$ref")) {
      return schema.path("$ref").asText().replaceAll(".*/", "");
    }
    if (schema.has("anyOf")) {
      return type(schema.path("anyOf").get(0)) + " or null";
    }
    if (schema.has("enum")) {
      StringBuilder words = new StringBuilder();
      schema
          .path("enum")
          .forEach(
              word -> words.append(words.isEmpty() ? "" : ", ").append("`" + word.asText() + "`"));
      return words.toString();
    }
    if (schema.has("const")) {
      return "`" + schema.path("const").asText() + "`";
    }
    if (schema.path("type").isArray()) {
      return schema.path("type").get(0).asText() + " or null";
    }
    String kind = schema.path("type").asText("any");
    return switch (kind) {
      case "array" -> "array of " + type(schema.path("items"));
      case "object" ->
          schema.path("additionalProperties").isObject()
              ? "by name, each " + type(schema.path("additionalProperties"))
              : members(schema);
      default -> kind;
    };
  }

  private static String members(JsonNode schema) {
    StringBuilder names = new StringBuilder();
    schema
        .path("properties")
        .fieldNames()
        .forEachRemaining(name -> names.append(names.isEmpty() ? "" : ", ").append(name));
    return names.isEmpty() ? "object" : "object: " + names;
  }
}
