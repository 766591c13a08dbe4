// ---- correlation

function intervals(name, colour, estimates, shift, filled) {
  return {
    name, type: "custom", itemStyle: { color: colours(colour) },
    data: estimates.flatMap((one, i) => (one ? [[i, one.value, one.low == null ? one.value : one.low, one.high == null ? one.value : one.high]] : [])),
    encode: { x: 0, y: [1, 2, 3] },
    renderItem: (params, api) => {
      const at = (value) => api.coord([api.value(0), value]);
      const [x0, y] = at(api.value(1));
      const x = x0 + shift;
      const low = at(api.value(2))[1];
      const high = at(api.value(3))[1];
      const line = { stroke: colours(colour), lineWidth: 1.6 };
      const rod = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style: line });
      return { type: "group", children: [rod(x, low, x, high), rod(x - 4, low, x + 4, low), rod(x - 4, high, x + 4, high),
        { type: "circle", shape: { cx: x, cy: y, r: data.layers.length > 24 ? 3 : 4.2 }, style: { fill: filled ? colours(colour) : colours("surface"), stroke: colours(colour), lineWidth: 1.8 } }] };
    },
  };
}

function correlation() {
  const here = place("correlation");
  const value = data.correlation.value;
  if (!value) return here.missing(data.correlation.note);
  const withLayer = value.pearson.map((one, i) => ({ one, layer: layerNames[i] })).filter((entry) => entry.one).sort((a, b) => b.one.value - a.one.value);
  const said = [];
  const range = (one) => (one.low == null ? "" : `, 95 % interval ${fixed(one.low)} to ${fixed(one.high)}`);
  if (value.overall) said.push(`Over all layers Pearson is ${fixed(value.overall.value)} (n = ${count(value.overall.n)}${range(value.overall)}).`);
  if (withLayer.length > 1) {
    const best = withLayer[0];
    const worst = withLayer[withLayer.length - 1];
    said.push(`Pearson is highest in layer ${best.layer} (${fixed(best.one.value, 2)}) and lowest in layer ${worst.layer} (${fixed(worst.one.value, 2)}).`);
  }
  const ranked = [...value.byDomain].sort((a, b) => b.estimate.value - a.estimate.value);
  if (ranked.length > 1) {
    const last = ranked[ranked.length - 1];
    said.push(`With the requests of each domain summed, it is highest for ${ranked[0].name} (${fixed(ranked[0].estimate.value, 2)}) ` +
      `and lowest for ${last.name} (${fixed(last.estimate.value, 2)}).`);
  }
  here.find(said.join(" "));
  const shown = [...value.pearson, ...value.spearman].filter(Boolean);
  const low = Math.min(...shown.map((one) => (one.low == null ? one.value : one.low)));
  const high = Math.max(...shown.map((one) => (one.high == null ? one.value : one.high)));
  const apart = data.layers.length > 24 ? 3 : 6;
  here.add(chart(300, "Correlation of prefill and decode by layer with 95 % intervals; the table below has the figures", (box) => ({
    legend: { ...legend(["Pearson", "Spearman (ranks)"]), icon: "circle", itemWidth: 9 },
    grid: { left: 8, right: 12, top: legendHeight(["Pearson", "Spearman (ranks)"], box.clientWidth), bottom: 30, containLabel: true },
    tooltip: tooltip((point) => {
      const [i, one, from, to] = point.value;
      return `Layer ${layerNames[i]}<br>${echarts.format.encodeHTML(point.seriesName)} <b>${fixed(one)}</b><br>${fixed(from)} to ${fixed(to)}`;
    }),
    xAxis: layerAxis(),
    yAxis: valueAxis({ min: Math.max(-1, Math.floor(10 * low - 0.5) / 10), max: Math.min(1, Math.ceil(10 * high + 0.5) / 10) }),
    series: [{ ...intervals("Pearson", "measure", value.pearson, -apart, true), ...layerMark() }, intervals("Spearman (ranks)", "muted", value.spearman, apart, false)],
  }), data.layers.length > 24 ? 60 + 11 * data.layers.length : 0));
  const cells = (one) => (one ? [fixed(one.value), one.low == null ? NA : `${fixed(one.low)} to ${fixed(one.high)}`] : [NA, NA]);
  const tables = [() => table("Correlation by layer, mean over requests", ["Layer", "Pearson", "95 % interval", "Spearman", "95 % interval", "n"],
    layerNames.map((layer, i) => [layer, ...cells(value.pearson[i]), ...cells(value.spearman[i]), value.pearson[i] ? count(value.pearson[i].n) : NA]))];
  if (value.byDomain.length) {
    tables.push(() => table("Pearson of each domain: the counts of all its requests together, mean over the layers", ["Domain", "Pearson", "95 % interval", "layers"],
      value.byDomain.map(({ name, estimate }) => [name, ...cells(estimate), count(estimate.n)])));
  }
  here.add(folded(() => tables.map((make) => make())));
}
