package io.sextant.jobs.refresh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The dashboard and the alert rules of {@code conf/monitoring}, for tests. */
final class Monitoring {
  private static final Path FOLDER = Path.of("..", "conf", "monitoring");
  private static final Pattern METRIC = Pattern.compile("\\bsextant_\\w+");

  /** A label that is compared with one text, such as {@code bound="mean"}. */
  private static final Pattern LABEL = Pattern.compile("\\b\\w+=\"[^\"$]+\"");

  private Monitoring() {}

  static JsonNode dashboard() throws IOException {
    return new ObjectMapper()
        .readTree(FOLDER.resolve("grafana/dashboards/sextant-refresh.json").toFile());
  }

  static JsonNode yaml(String file) throws IOException {
    return new ObjectMapper(new YAMLFactory()).readTree(FOLDER.resolve(file).toFile());
  }

  static List<JsonNode> rules() throws IOException {
    List<JsonNode> rules = new ArrayList<>();
    yaml("prometheus/sextant-refresh.rules.yml")
        .path("groups")
        .forEach(group -> group.path("rules").forEach(rules::add));
    return rules;
  }

  /** Every PromQL expression of the dashboard's panels. */
  static List<String> panelQueries() throws IOException {
    return dashboard().path("panels").findValuesAsText("expr");
  }

  /** Every PromQL expression of the alerts, and those of the dashboard's variables. */
  static List<String> otherQueries() throws IOException {
    List<String> queries = new ArrayList<>();
    rules().forEach(rule -> queries.add(rule.path("expr").textValue()));
    dashboard()
        .path("templating")
        .path("list")
        .forEach(variable -> queries.add(variable.path("query").textValue()));
    return queries;
  }

  /** The names of the metrics in a text. */
  static Set<String> metrics(String text) {
    return matches(METRIC, text);
  }

  /** The labels in a text that are compared with one value. */
  static Set<String> labels(String text) {
    return matches(LABEL, text);
  }

  private static Set<String> matches(Pattern pattern, String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }
}
