package io.sextant.jobs.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sextant.jobs.cli.BuildVersion;
import io.sextant.jobs.report.data.ReportData;
import io.sextant.schema.file.TraceFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Puts the data, the style, the script and ECharts into the template, so that the page loads
 * nothing.
 */
final class ReportPage {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-z-]+)}}");

  /** The parts of the page's script, in their order; they are the body of one function. */
  private static final List<String> SCRIPT =
      List.of(
          "words",
          "tables",
          "charts",
          "plans",
          "head",
          "nodes",
          "moves",
          "price",
          "balance",
          "load",
          "scatter",
          "correlation",
          "similarity",
          "cluster",
          "precision",
          "main");

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ReportPage() {}

  /**
   * The text of the page; the same data give the same text.
   *
   * @param descriptions the files that models and clusters are described in, for the footer
   */
  static String of(ReportData data, String descriptions) {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("descriptions", escapeHtml(descriptions));
    parts.put("model", escapeHtml(data.model()));
    parts.put("sentence", escapeHtml(data.sentence()));
    parts.put("version", escapeHtml(new BuildVersion().getVersion()[0]));
    parts.put("glossary", resource("glossary.html"));
    parts.put("style", resource("report.css"));
    parts.put("data", json(data));
    parts.put("echarts", script("echarts.min.js"));
    parts.put(
        "script",
        SCRIPT.stream()
            .map(part -> script("script/" + part + ".js"))
            .collect(Collectors.joining("\n", "\"use strict\";\n(() => {\n", "})();\n")));
    parts.put("policy", policy(List.of(parts.get("echarts"), parts.get("script"))));
    Matcher placeholder = PLACEHOLDER.matcher(resource("report.html"));
    StringBuilder page = new StringBuilder(2 << 20);
    while (placeholder.find()) {
      String part = parts.get(placeholder.group(1));
      if (part == null) {
        throw new IllegalStateException("report.html asks for " + placeholder.group());
      }
      placeholder.appendReplacement(page, Matcher.quoteReplacement(part));
    }
    return placeholder.appendTail(page).toString();
  }

  /**
   * The page's content security policy: it runs these scripts only and loads nothing. ECharts sets
   * styles.
   */
  private static String policy(List<String> scripts) {
    String hashes =
        scripts.stream()
            .map(script -> ("\n" + script + "\n").getBytes(StandardCharsets.UTF_8))
            .map(bytes -> Base64.getEncoder().encodeToString(TraceFiles.sha256().digest(bytes)))
            .map("'sha256-%s'"::formatted)
            .collect(Collectors.joining(" "));
    return "default-src 'none'; script-src %s; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"
        .formatted(hashes);
  }

  /** Escapes every {@code <}, so that no text in the data can end the script element. */
  static String json(Object data) {
    try {
      return JSON.writeValueAsString(data)
          .replace("<", "\\u003c")
          .replace("\u2028", "\\u2028")
          .replace("\u2029", "\\u2029");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write the report's data as JSON", e);
    }
  }

  private static String escapeHtml(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static String script(String name) {
    String script = resource(name);
    if (script.contains("</script")) {
      throw new IllegalStateException(name + " would end its own script element");
    }
    return script;
  }

  private static String resource(String name) {
    try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("Resource %s is not on the class path".formatted(name));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read resource " + name, e);
    }
  }
}
