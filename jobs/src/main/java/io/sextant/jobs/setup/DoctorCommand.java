package io.sextant.jobs.setup;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.JsonOption;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sextant doctor}. */
@Command(
    name = "doctor",
    description = "Checks Java, memory, storage, configuration, Spark and the GPU.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Each line is ok, a note (some commands will not run) or wrong (exit code 2), with what to do.",
      "Example: sextant doctor"
    })
public final class DoctorCommand implements Callable<Integer> {
  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    List<Finding> findings = new Doctor().examine();
    boolean fit = findings.stream().noneMatch(one -> one.state() == Finding.State.WRONG);
    json.print(
        findings.stream()
            .map(finding -> finding.text() + System.lineSeparator())
            .collect(Collectors.joining()),
        () -> json(findings, fit));
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
