package io.sextant.jobs.precision;

import io.sextant.numerics.probe.SiteProbe;
import java.util.List;
import java.util.Map;

/**
 * The result of probe.
 *
 * @param sites the predictions of each product, by name
 * @param notJudged the reason for each product without a prediction, by name
 */
record Probed(List<SiteProbe> sites, Map<String, String> notJudged) {}
