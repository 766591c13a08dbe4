package io.sextant.jobs;

import io.sextant.schema.placement.EngineFormat;
import java.nio.file.Path;
import java.util.List;

/**
 * The command lines of the demo, as a user would type them.
 *
 * @param samples folder of the trace files
 * @param out folder for all outputs
 */
record DemoSteps(Path samples, Path out) {
  private static final String MODEL = "sextant-128x8";
  private static final String CLUSTER = "4x8-h200";
  private static final EngineFormat ENGINE = EngineFormat.SGLANG;

  Path warehouse() {
    return out.resolve("warehouse");
  }

  Path plan() {
    return out.resolve("plan");
  }

  Path map() {
    return out.resolve(ENGINE.fileName());
  }

  Path report() {
    return out.resolve("report.html");
  }

  /** The steps in order, each a command and its arguments. */
  List<List<String>> lines() {
    return List.of(ingest(), analyze(), solve(), export(), describe());
  }

  private List<String> ingest() {
    return List.of(
        "ingest",
        "--input",
        samples.toString(),
        "--model",
        MODEL,
        "--warehouse",
        warehouse().toString());
  }

  private List<String> analyze() {
    return List.of("analyze", "--warehouse", warehouse().toString(), "--model", MODEL);
  }

  /** Plans on four days and scores on the fifth, because a plan is used on later days. */
  private List<String> solve() {
    return List.of(
        "solve",
        "--warehouse",
        warehouse().toString(),
        "--model",
        MODEL,
        "--cluster",
        CLUSTER,
        "--slots",
        "128",
        "--to",
        "2026-09-13",
        "--score-from",
        "2026-09-14",
        "--micro-batch",
        "2048",
        "--seconds",
        "2",
        "--out",
        plan().toString());
  }

  private List<String> export() {
    return List.of(
        "export",
        "--placement",
        plan().toString(),
        "--cluster",
        CLUSTER,
        "--engine",
        ENGINE.id(),
        "--out",
        map().toString());
  }

  private List<String> describe() {
    return List.of(
        "report",
        "--warehouse",
        warehouse().toString(),
        "--model",
        MODEL,
        "--placement",
        plan().toString(),
        "--out",
        report().toString());
  }
}
