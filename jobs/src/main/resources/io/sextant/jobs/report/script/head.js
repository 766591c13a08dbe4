// ---- the decision, and what it is about

const WORDS = { publish: ["PUBLISH", "good"], keep: ["KEEP", "plain"], "insufficient evidence": ["NOT ENOUGH EVIDENCE", "open"] };

/** A run's id is the UTC time at which it began. */
function began(runId) {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)/.exec(runId || "");
  return parts ? `${parts[1]}-${parts[2]}-${parts[3]} ${parts[4]}:${parts[5]} UTC` : NA;
}

/** The number that decides: {value, interval, of, tone}; null if there is none. */
function deciding() {
  const decided = data.decision.value;
  if (decided && decided.gain != null) {
    const ends = decided.gainSpan ? [-100 * decided.gainSpan.high, -100 * decided.gainSpan.low] : null;
    const apart = ends && !same(ends[0]) && !same(ends[1]) && ends[0] < 0 === ends[1] < 0;
    return { value: signed(-100 * decided.gain), interval: ends ? `[${ends.map(signed).join(", ")}]` : "",
      of: `predicted layer time, against ${before ? called(before) : "the map in force"}; has to fall by more than ${fixed(100 * decided.leastGain, 1)} %`,
      tone: apart ? (decided.gain > 0 ? "better" : "worse") : "" };
  }
  const metric = METRICS.find((one) => one.key === (countsOnly ? "gpuLoad" : "layerMicros"));
  const [was, now] = [figure(before, metric.key), figure(after, metric.key)];
  if (was == null || now == null) return null;
  const unit = countsOnly ? "" : " \u00b5s";
  return { value: `${fixed(now, countsOnly ? 3 : 2)}${unit}`, interval: ends(spanOf(after, metric.key), countsOnly ? 3 : 2),
    of: `${countsOnly ? "max/mean GPU load" : "predicted layer time"}, instead of ${fixed(was, countsOnly ? 3 : 2)}${unit} ${ends(spanOf(before, metric.key), countsOnly ? 3 : 2)} under ${called(before)}`,
    tone: tone(metric.key) };
}

/** What the plan is, for whom it was made, and when. */
function facts() {
  const traffic = data.traffic.value;
  const traces = data.traces.value;
  const map = data.placement.value;
  const said = [["Model", `${data.model}: ${plural(data.layers.length, "MoE layer")} of ${count(data.experts)} experts, top-${data.topK}`]];
  if (traffic) {
    const plan = traffic.identity;
    const scored = after && after.all ? `, ${plural(after.all.microBatches, ...(countsOnly ? ["counted step"] : ["micro-batch", "micro-batches"]))}` : "";
    said.push(["Cluster", (plan.cluster || NA) + (plan.gpus ? `: ${plan.gpus}` : "")],
      ["Precision", plan.packaging || `${NA}: the run recorded none`],
      ["Serving profile", traffic.serving === "none" ? "none: counts do not show how copies are chosen" : traffic.serving || NA],
      ["Slots", plan.slots == null ? NA : `${count(plan.slots)} per layer`],
      ["Planned on", plan.plannedFrom ? span({ from: plan.plannedFrom, to: plan.plannedTo }) : NA],
      ["Scored on", `${plan.scoredFrom ? span({ from: plan.scoredFrom, to: traffic.scoredDay }) : traffic.scoredDay}${scored}`]);
  }
  if (data.window.value) said.push(["Routing from", span(data.window.value)]);
  if (traces) {
    const counted = traces.countedSteps ? plural(traces.countedSteps, "counted step") : "";
    const requests = traces.requests || !counted ? `${plural(traces.requests, "request")} with ${plural(traces.tokens, "token")}` : "";
    said.push(["Traces", `${[requests, counted].filter(Boolean).join(" and ")}, from ${plural(traces.files, "file")}` +
      (traces.quarantined || traces.rejectedRequests
        ? `; ${plural(traces.quarantined, "file")} and ${plural(traces.rejectedRequests, "request")} in quarantine` : "")]);
  }
  if (map) {
    said.push(["Map given", `${map.file}: ${plural(map.slots, "slot")} per layer, ${map.replicated ? plural(map.replicated, "replicated expert") : "no replicas"}` +
      (map.planId ? `, ${traffic && traffic.identity.planId === map.planId ? "the plan below" : `plan ${map.planId}`}` : "") + (map.serving && map.serving !== "none" ? `, planned for ${map.serving}` : "")]);
  }
  if (traffic) {
    said.push(["Created", `${began(traffic.runId)}, by run ${traffic.runId}`],
      ["Plan id", traffic.identity.planId || `${NA}: scored before version 0.3.0`]);
  }
  return said;
}

function head() {
  const decided = data.decision.value;
  const [word, kind] = decided ? WORDS[decided.verdict] || WORDS["insufficient evidence"] : ["NO DECISION", "open"];
  const badge = element("p", { class: `badge ${kind}` }, word);
  const number = deciding();
  document.getElementById("verdict").replaceChildren(badge, ...(number ? [element("p", { class: "deciding" },
    element("strong", { class: number.tone }, number.value), " ", element("span", { class: "ends" }, number.interval), element("small", {}, number.of))] : []));
  if (!plans.length) badge.remove();
  document.getElementById("facts").replaceChildren(...facts().flatMap(([name, value]) => {
    const holder = element("dd");
    say(holder, value);
    return [element("div", {}, element("dt", {}, name), holder)];
  }));
  const why = document.getElementById("why");
  if (data.why) say(why, data.why);
  else why.remove();
}
