package io.sextant.jobs.lineage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The settings of OpenLineage's clients: the file that {@code OPENLINEAGE_CONFIG} names, {@code
 * openlineage.yml} in the working folder or in {@code .openlineage} of the home folder, else
 * variables such as {@code OPENLINEAGE__TRANSPORT__TYPE}, else {@code OPENLINEAGE_URL}. See
 * https://openlineage.io/docs/client/java/configuration.
 *
 * @param environment variables of the process
 * @param folder working folder
 * @param home home folder of the user
 */
record LineageSettings(Map<String, String> environment, Path folder, Path home) {
  private static final String FILE = "openlineage.yml";
  private static final String NESTED = "OPENLINEAGE__";
  private static final String NAMESPACE = "sextant";

  static LineageSettings ofProcess() {
    return new LineageSettings(
        System.getenv(),
        Path.of(System.getProperty("user.dir")),
        Path.of(System.getProperty("user.home")));
  }

  /** Namespace of the jobs in the events. */
  String namespace() {
    return environment.getOrDefault("OPENLINEAGE_NAMESPACE", NAMESPACE);
  }

  /**
   * The transport of the events; empty if there are no settings, or they disable it.
   *
   * @throws InvalidInputException if the settings are wrong
   * @throws IOException if the file cannot be read
   */
  Optional<LineageTransport> transport() throws IOException {
    if (Boolean.parseBoolean(environment.get("OPENLINEAGE_DISABLED"))) {
      return Optional.empty();
    }
    Optional<Path> file = file();
    JsonNode root = file.isPresent() ? yaml(file.get()) : variables();
    JsonNode transport = root.path("transport");
    if (file.isEmpty() && transport.isMissingNode()) {
      return Optional.empty();
    }
    String where = file.map(Path::toString).orElse("OPENLINEAGE__TRANSPORT__TYPE");
    return Optional.of(
        switch (transport.path("type").asText("")) {
          case "http" -> HttpTransport.of(where, transport);
          case "file" -> new FileTransport(Path.of(required(where, transport, "location")));
          default ->
              throw InvalidInputException.of(
                  where,
                  "the transport \"%s\" is not known".formatted(transport.path("type").asText("")),
                  "Give the type http or file");
        });
  }

  static String required(String where, JsonNode transport, String field) {
    if (transport.path(field).asText("").isBlank()) {
      throw InvalidInputException.of(
          where, "the transport has no " + field, "Add transport." + field);
    }
    return transport.path(field).asText();
  }

  private Optional<Path> file() {
    if (environment.containsKey("OPENLINEAGE_CONFIG")) {
      return Optional.of(folder.resolve(environment.get("OPENLINEAGE_CONFIG")));
    }
    for (Path place :
        new Path[] {folder.resolve(FILE), home.resolve(".openlineage").resolve(FILE)}) {
      if (Files.exists(place)) {
        return Optional.of(place);
      }
    }
    return Optional.empty();
  }

  /** The reader is made here, because most processes have no such file. */
  private static JsonNode yaml(Path file) throws IOException {
    return new ObjectMapper(new YAMLFactory()).readTree(file.toFile());
  }

  /** The variables as the tree that the file would have. */
  private ObjectNode variables() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    if (environment.containsKey("OPENLINEAGE_URL")) {
      ObjectNode http = root.putObject("transport").put("type", "http");
      http.put("url", environment.get("OPENLINEAGE_URL"));
      Optional.ofNullable(environment.get("OPENLINEAGE_ENDPOINT"))
          .ifPresent(endpoint -> http.put("endpoint", endpoint));
      Optional.ofNullable(environment.get("OPENLINEAGE_API_KEY"))
          .ifPresent(key -> http.putObject("auth").put("type", "api_key").put("apiKey", key));
    }
    new TreeMap<>(environment)
        .forEach(
            (name, value) -> {
              if (name.startsWith(NESTED)) {
                put(root, name.substring(NESTED.length()).split("__", -1), value);
              }
            });
    return root;
  }

  private static void put(ObjectNode root, String[] names, String value) {
    ObjectNode node = root;
    for (int i = 0; i < names.length - 1; i++) {
      node = node.withObjectProperty(camelCase(names[i]));
    }
    node.put(camelCase(names[names.length - 1]), value);
  }

  private static String camelCase(String name) {
    StringBuilder text = new StringBuilder();
    for (String part : name.toLowerCase(Locale.ROOT).split("_", -1)) {
      text.append(
          text.isEmpty() || part.isEmpty()
              ? part
              : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1));
    }
    return text.toString();
  }
}
