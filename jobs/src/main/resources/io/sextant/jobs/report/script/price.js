// ---- the price of a copy

function price() {
  const here = place("price");
  const value = data.prices.value;
  if (!value) return here.missing(data.prices.note);
  const percent = (share) => (share == null ? NA : `${fixed(100 * share, 2)} %`);
  const said = (curve) => {
    const first = curve.points[0];
    const knee = curve.points.find((point) => point.knee);
    if (!knee) return `${curve.name}: the knee is not available, because there are too few micro-batches.`;
    if (knee === first) return `${curve.name}: no larger number than ${plural(first.slots, "slot")} is worth it.`;
    return `${curve.name}: the knee is at ${plural(knee.slots, "slot")}, which save ${percent(knee.gain)} of the layer time` +
      (knee.kvTokensLost == null ? "." : ` and take ${count(knee.kvTokensLost)} tokens of KV cache.`);
  };
  here.find(value.curves.map(said).join(" "));
  const slots = [...new Set(value.curves.flatMap((curve) => curve.points.map((point) => point.slots)))].sort((a, b) => a - b);
  const tints = ["measure", "muted", "plan-sextant", "plan-greedy", "plan-grouped", "plan-current"];
  here.add(chart(300, "Predicted layer time by number of slots; the table below has the figures", () => ({
    legend: legend(value.curves.map((curve) => curve.name)),
    grid: { left: 8, right: 12, top: 40, bottom: 30, containLabel: true },
    tooltip: tooltip((point) => `${echarts.format.encodeHTML(point.seriesName)}<br>${slots[point.dataIndex]} slots <b>${fixed(point.value, 2)} \u00b5s</b>`),
    xAxis: axis({ type: "category", data: slots.map(String), name: "Slots per layer", nameLocation: "middle", nameGap: 28, splitLine: { show: false } }),
    yAxis: valueAxis({ name: "\u00b5s" }),
    series: value.curves.map((curve, i) => ({
      name: curve.name, type: "line", symbol: "circle", connectNulls: true,
      symbolSize: (micros, point) => (curve.points.some((one) => one.knee && one.slots === slots[point.dataIndex]) ? 13 : 6),
      data: slots.map((wanted) => { const point = curve.points.find((one) => one.slots === wanted); return point ? point.layerMicros : null; }),
      itemStyle: { color: colours(tints[i % tints.length]) }, lineStyle: { color: colours(tints[i % tints.length]), width: 1.8 },
    })),
  })));
  here.add(folded(() => [table(`Slots, time and KV cache; planned on ${value.plannedFrom} to ${value.plannedTo}, scored on ${value.scoredFrom} to ${value.scoredTo}`,
    ["Cluster, profile", "Slots", "Per GPU", "Layer time, \u00b5s", "95 % interval", "Saved", "95 % interval", "Remote nodes per token", "Max/mean GPU load", "KV tokens", "KV tokens lost", "Knee"],
    value.curves.flatMap((curve) => curve.points.map((point) => [curve.name, count(point.slots), count(point.slotsPerGpu), fixed(point.layerMicros, 2),
      point.span ? ends(point.span, 2) : NA, point.gain == null ? "" : percent(point.gain),
      point.gainSpan ? `${percent(point.gainSpan.low)} to ${percent(point.gainSpan.high)}` : "", fixed(point.remoteNodesPerToken, 3), fixed(point.gpuLoad, 3),
      point.kvTokens == null ? NA : count(point.kvTokens), point.kvTokensLost == null ? NA : count(point.kvTokensLost), point.knee ? "yes" : ""])))]));
}
