package io.sextant.jobs.precision;

import io.sextant.numerics.probe.SiteProbe;
import java.util.List;
import java.util.Map;

/**
 * What probe found.
 *
 * @param sites what is predicted of each product, by name
 * @param notJudged by name of a product of which nothing is predicted: why
 */
record Probed(List<SiteProbe> sites, Map<String, String> notJudged) {}
