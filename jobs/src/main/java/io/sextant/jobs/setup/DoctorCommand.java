package io.sextant.jobs.setup;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

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

  @Override
  public Integer call() {
    List<Finding> findings = new Doctor().examine();
    findings.forEach(finding -> System.out.println(finding.text()));
    return findings.stream().anyMatch(finding -> finding.state() == Finding.State.WRONG) ? 2 : 0;
  }
}
