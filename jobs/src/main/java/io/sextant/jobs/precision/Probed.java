package io.sextant.jobs.precision;

import io.sextant.numerics.probe.SiteProbe;
import io.sextant.numerics.probe.VerdictChange;
import io.sextant.numerics.probe.WeightModel;
import java.util.List;
import java.util.Map;

/**
 * The result of probe.
 *
 * @param sites the predictions of each product, by name
 * @param notJudged the reason for each product without a prediction, by name
 * @param changes changes of verdicts from snapshot to snapshot, in order of time; null if they were
 *     not asked for
 * @param weightModels models of the weights of the sites with tensors
 */
record Probed(
    List<SiteProbe> sites,
    Map<String, String> notJudged,
    List<VerdictChange> changes,
    List<WeightModel> weightModels) {}
