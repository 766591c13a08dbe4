package io.sextant.jobs.setup;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.cli.JsonOption;
import io.sextant.schema.engine.EngineAdvice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sextant doctor}. */
@Command(
    name = "doctor",
    description =
        "Checks Java, memory, storage, configuration, Spark and the GPU; with --engine, the"
            + " launch options of an engine.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Each line is ok, a note (some commands will not run) or wrong (exit code 2), with"
          + " the remedy.",
      "With --engine, notes also list the checks that need --flags, --engine-version,"
          + " --model, --slots or --cluster.",
      "Example: sextant doctor",
      "Example: sextant doctor --engine sglang --engine-version 0.5.6 --model deepseek-v3 --slots 288"
          + " --cluster 4x8-h200 --flags '--ep-size 32 --ep-num-redundant-experts 32'"
    })
public final class DoctorCommand implements Callable<Integer> {
  @Mixin private EngineOptions engine;

  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    return engine.isNamed() ? engine() : machine();
  }

  private int machine() {
    List<Finding> findings = new ArrayList<>(engine.described());
    findings.addAll(0, new Doctor().examine());
    boolean fit = findings.stream().noneMatch(one -> one.state() == Finding.State.WRONG);
    json.print(
        findings.stream()
            .map(finding -> finding.text() + System.lineSeparator())
            .collect(Collectors.joining()),
        () -> json(findings, fit));
    return fit ? 0 : 2;
  }

  private int engine() {
    List<EngineAdvice> advice = engine.examine();
    boolean fit = advice.stream().noneMatch(one -> one.state() == EngineAdvice.State.WRONG);
    Optional<String> launch = engine.launch();
    String text =
        advice.stream()
            .map(one -> one.line() + System.lineSeparator())
            .collect(Collectors.joining());
    json.print(
        text + launch.map(options -> "%noptions%n%s%n".formatted(options)).orElse(""),
        () -> {
          ObjectNode root = JsonNodeFactory.instance.objectNode().put("fit", fit);
          root.put("engine", engine.id()).put("options", launch.map(String::strip).orElse(null));
          ArrayNode checks = root.putArray("checks");
          advice.forEach(one -> one.put(checks.addObject()));
          return root;
        });
    return fit ? 0 : 2;
  }

  private static ObjectNode json(List<Finding> findings, boolean fit) {
    ObjectNode root = JsonNodeFactory.instance.objectNode().put("fit", fit);
    ArrayNode checks = root.putArray("checks");
    for (Finding finding : findings) {
      checks
          .addObject()
          .put("what", finding.what())
          .put("state", finding.state().name().toLowerCase(Locale.ROOT))
          .put("figures", finding.figures())
          .put("remedy", finding.remedy().isEmpty() ? null : finding.remedy());
    }
    return root;
  }
}
