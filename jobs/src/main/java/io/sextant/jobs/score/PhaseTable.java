package io.sextant.jobs.score;

import io.sextant.placement.evaluate.PlacementMetrics;
import io.sextant.placement.evaluate.StreamMetrics;
import io.sextant.schema.spec.ServingProfile;
import java.util.Locale;

/** Formats the figures that depend on the serving profile: by phase, with the profile's name. */
record PhaseTable(PlanScores scores) {
  private static final int SHORTEST_NAMES = 17;

  /** One line per plan and phase, and a line that says what the profile is. */
  String text() {
    StringBuilder text =
        new StringBuilder(
            line(
                "by phase",
                "",
                "remote nodes",
                "remote sends",
                "GPUs/token",
                "max/mean GPU",
                "least",
                "max/mean NIC",
                "experts/GPU",
                "layer us"));
    for (String plan : scores.plans()) {
      PlacementMetrics m = scores.metrics(plan);
      text.append(line(plan, "all", m.main()));
      if (m.prefill().tokens() > 0) {
        text.append(line(plan, "prefill", m.prefill()));
      }
      if (m.decode().tokens() > 0) {
        text.append(line(plan, "decode", m.decode()));
      }
    }
    return text.append(profile()).toString();
  }

  private String profile() {
    ServingProfile profile = scores.profile();
    return String.format(
        Locale.ROOT,
        "serving %s: %s copies; prefill %s, %,d tokens a batch; decode %s, %,d tokens a step%n",
        profile.name(),
        profile.copyRule().id(),
        profile.prefillTransport().id(),
        profile.prefillTokens(),
        profile.decodeTransport().id(),
        profile.decodeTokens());
  }

  private String line(String plan, String phase, StreamMetrics m) {
    return line(
        plan,
        phase,
        ScoreTable.figure(m.remoteNodesPerToken(), 4),
        ScoreTable.figure(m.remoteSendsPerToken(), 4),
        ScoreTable.figure(m.gpusPerToken(), 4),
        ScoreTable.figure(m.maxOverMeanGpuLoad(), 4),
        Double.isNaN(m.leastMaxOverMeanGpuLoad())
            ? ""
            : ScoreTable.figure(m.leastMaxOverMeanGpuLoad(), 4),
        ScoreTable.figure(m.maxOverMeanNicReceive(), 4),
        ScoreTable.figure(m.activatedExpertsPerGpu(), 2),
        ScoreTable.figure(m.layerMicros(), 2));
  }

  private String line(Object... cells) {
    int width =
        Math.max(
            SHORTEST_NAMES, scores.plans().stream().mapToInt(String::length).max().orElseThrow());
    return String.format("%-" + width + "s %-8s %12s %12s %10s %12s %8s %12s %11s %10s", cells)
            .stripTrailing()
        + System.lineSeparator();
  }
}
