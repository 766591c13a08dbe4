// ---- traffic

const METRICS = [
  { key: "remoteNodesPerToken", title: "Remote nodes per token" },
  { key: "gpusPerToken", title: "GPUs per token" },
  { key: "gpuLoad", title: "Max/mean GPU load", even: true },
  { key: "nodeReceive", title: "Max/mean node receive", even: true },
  { key: "layerMicros", title: "Predicted layer time, \u00b5s" },
];
const plans = data.traffic.value ? data.traffic.value.plans : [];
const planOf = (name) => plans.find((plan) => plan.name === name);
const before = planOf(data.traffic.value ? data.traffic.value.before : "linear");
const after = planOf(data.traffic.value ? data.traffic.value.after : "sextant");
const others = plans.filter((plan) => plan !== before && plan !== after);
const called = (plan) => (plan.name === "current" ? "the map in force" : plan.name === "linear" ? "linear with as many slots" : plan.name);
const countsOnly = after && after.all && after.all.remoteNodesPerToken == null;
const PLAN_COLOURS = ["linear", "current", "greedy", "sextant", "grouped"];
/** A plan has its colour in every chart and table of every page, whatever it is compared with. */
const planColour = (plan) => `plan-${PLAN_COLOURS.includes(plan.name) ? plan.name : "other"}`;
const figure = (plan, key) => (plan && plan.all ? plan.all[key] : null);
/** Of the layer that the filter shows. */
const figureShown = (plan, key) => {
  const score = layerShown < 0 ? plan.all : plan.byLayer[layerShown];
  return score ? score[key] : null;
};
const spanOf = (plan, key) => (plan && plan.all && plan.all.spans ? plan.all.spans[key] : null);
const ends = (span, digits = 3) => (span ? `[${fixed(span.low, digits)}, ${fixed(span.high, digits)}]` : "");

/** Leaves out what is not available for any plan, as the traffic of plans from counts. */
function withoutEmptyColumns(caption, heads, rows, marked) {
  const kept = heads.map((_, i) => i).filter((i) => rows.some((row) => row[i] !== NA && row[i] !== ""));
  const only = (row) => kept.map((i) => row[i]);
  return table(caption, only(heads), rows.map(only), marked);
}

/** Better or worse only if the intervals of before and after are apart, and the change does not round to 0. */
function tone(key) {
  const [was, now] = [spanOf(before, key), spanOf(after, key)];
  const percent = change(figure(before, key), figure(after, key));
  return !was || !now || percent == null || same(percent) ? "" : now.high < was.low ? "better" : now.low > was.high ? "worse" : "";
}

function tiles() {
  if (!before || !after) return;
  const holder = document.getElementById("tiles");
  filling = "traffic";
  for (const metric of METRICS) {
    const was = figure(before, metric.key);
    const now = figure(after, metric.key);
    if (was == null || now == null) continue;
    const percent = change(was, now);
    holder.append(element("div", { class: "tile" },
      element("p", { class: "name" }, metric.title),
      element("div", { class: "now" }, fixed(now), element("small", {}, ends(spanOf(after, metric.key)))),
      element("div", { class: "was" }, `before ${fixed(was)} `, element("span", { class: "ends" }, ends(spanOf(before, metric.key))), " ",
        element("span", { class: `change ${tone(metric.key)}` }, percent == null ? "" : signed(percent))),
      howLink(metric.title)));
  }
}

function bars(metric) {
  const shown = plans.filter((plan) => figure(plan, metric.key) != null);
  const longest = 12 + widest(plans.map(called), 13);
  const said = shown.map((plan) => `${called(plan)} ${fixed(figure(plan, metric.key))} ${ends(spanOf(plan, metric.key))}`).join(", ");
  // Room for a whisker between the bar and its label.
  const wide = shown.some((plan) => spanOf(plan, metric.key) && spanOf(plan, metric.key).high > 1.015 * figure(plan, metric.key));
  return titled(ofLayers(metric.title), chart(12 + 40 * shown.length, `${metric.title}: ${said || NA}`, () => {
    const names = document.body.clientWidth < 560 ? Math.min(longest, 104) : longest;
    return {
    grid: { left: names, right: wide ? 128 : 122, top: 4, bottom: 4 },
    tooltip: tooltip((point) => `${echarts.format.encodeHTML(point.name)} <b>${fixed(point.value, 4)}</b>`),
    xAxis: axis({ type: "value", min: 0, show: false }),
    yAxis: axis({ type: "category", inverse: true, data: shown.map(called), axisLine: { show: false }, axisLabel: { color: colours("ink"), fontSize: 13, lineHeight: 15, width: names - 10, overflow: "break" } }),
    series: [{
      type: "bar", barWidth: 18,
      data: shown.map((plan) => {
        const value = figureShown(plan, metric.key);
        const percent = plan === before || !before ? null : change(figureShown(before, metric.key), value);
        return { value, itemStyle: { color: colours(planColour(plan)), borderRadius: [0, 3, 3, 0] },
          label: { formatter: `{v|${fixed(value)}}${percent == null ? "" : `  {c|${signed(percent)}}`}` } };
      }),
      label: { show: true, position: "right", distance: wide ? 15 : 8,
        rich: { v: { color: colours("ink"), fontSize: 13, fontWeight: 600 }, c: { color: colours("muted"), fontSize: 12.5 } } },
    }, {
      // 95 % intervals, if there are any.
      type: "custom", silent: true, z: 3, encode: { x: [0, 1], y: 2 },
      data: shown.flatMap((plan, i) => {
        const span = layerShown < 0 ? spanOf(plan, metric.key) : null;
        return span ? [[span.low, span.high, i]] : [];
      }),
      renderItem: (params, api) => {
        const [x1, y] = api.coord([api.value(0), api.value(2)]);
        const x2 = api.coord([api.value(1), api.value(2)])[0];
        const rod = (xa, ya, xb, yb) => ({ type: "line", shape: { x1: xa, y1: ya, x2: xb, y2: yb }, style: { stroke: colours("ink"), lineWidth: 1.4 } });
        return { type: "group", children: [rod(x1, y, x2, y), rod(x1, y - 4, x1, y + 4), rod(x2, y - 4, x2, y + 4)] };
      },
    }],
  };
  }));
}

function traffic() {
  const here = place("traffic");
  if (!data.traffic.value) return here.missing(data.traffic.note);
  const described = others.filter((plan) => plan.all).map((plan) =>
    `${called(plan)} has ${fixed(figure(plan, "remoteNodesPerToken"))} and ${fixed(figure(plan, "gpuLoad"))}`);
  if (countsOnly && before && before.all) {
    here.find(`The max/mean GPU load is ${fixed(figure(after, "gpuLoad"))} instead of ${fixed(figure(before, "gpuLoad"))} under ${called(before)}. ` +
      "Traffic between nodes is not available, because the engines only counted tokens of each expert.");
  } else if (before && after && before.all && after.all) {
    here.find(`Sextant sends a token to ${fixed(figure(after, "remoteNodesPerToken"))} remote nodes on average, ${called(before)} to ` +
      `${fixed(figure(before, "remoteNodesPerToken"))}; the max/mean GPU load is ${fixed(figure(after, "gpuLoad"))} instead of ` +
      `${fixed(figure(before, "gpuLoad"))}` + (described.length ? `; ${described.join("; ")}.` : "."));
  } else {
    here.find(`${plural(plans.length, "plan")} scored: ${plans.map(called).join(", ")}.`);
  }
  here.add(element("div", { class: "pair" }, ...METRICS.filter((metric) => plans.some((plan) => figure(plan, metric.key) != null)).map(bars)));
  const withEnds = (plan, key, digits = 4) => `${fixed(figure(plan, key), digits)} ${ends(spanOf(plan, key), digits)}`.trim();
  here.add(withoutEmptyColumns("Every plan over all layers, with 95 % intervals. Lower is better in every column; the minimum of a max/mean is 1.",
    ["Plan", "Remote nodes per token", before ? `against ${called(before)}` : "against none", ...METRICS.slice(1).map((metric) => metric.title), "Activated experts per GPU", "Moved from the map in force, MB", "Tokens scored, all layers"],
    plans.map((plan) => {
      const percent = plan === before || !before ? null : change(figure(before, "remoteNodesPerToken"), figure(plan, "remoteNodesPerToken"));
      const moved = figure(plan, "movedBytes");
      return [called(plan), withEnds(plan, "remoteNodesPerToken"), percent == null ? "" : signed(percent),
        ...METRICS.slice(1).map((metric) => withEnds(plan, metric.key, metric.key === "layerMicros" ? 2 : 4)),
        fixed(figure(plan, "activatedExperts"), 2), moved == null ? NA : fixed(moved / 1e6, 1), plan.all ? count(plan.all.tokens) : NA];
    }), (row) => after && row[0] === called(after)));
  if (!countsOnly && plans.some((plan) => plan.byLayer.some(Boolean))) {
    here.add(titled("Remote nodes per token, by layer", byLayer("Remote nodes per token by layer and plan; the table below has the figures",
      plans.map((plan) => ({ name: called(plan), colour: planColour(plan), strong: plan === after, dashed: plan === before,
        values: plan.byLayer.map((score) => (score ? score.remoteNodesPerToken : null)) })))));
    here.add(folded(() => [layerTable("Remote nodes per token by layer", "remoteNodesPerToken")]));
  }
}

function layerTable(caption, key) {
  return table(caption, ["Layer", ...plans.map(called)],
    layerNames.map((layer, i) => [layer, ...plans.map((plan) => fixed(plan.byLayer[i] ? plan.byLayer[i][key] : null, 4))]));
}
