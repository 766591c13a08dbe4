// ---- prefill against decode, expert by expert

function scatter() {
  const here = place("scatter");
  const value = data.load.value;
  if (!value) return here.missing(data.load.note);
  const { prefill, decode } = value;
  if (!prefill && !decode) return here.missing("the source does not tell prefill from decode");
  if (!prefill || !decode) return here.missing(`the traces have no ${prefill ? "decode" : "prefill"} rows`);
  const shares = (row) => {
    const mean = sum(row) / row.length;
    return row.map((tokens) => (mean > 0 ? tokens / mean : 0));
  };
  const points = layerNames.map((_, l) => {
    const [x, y] = [shares(prefill[l]), shares(decode[l])];
    return x.map((one, e) => [one, y[e], e, l]);
  });
  const apart = ([x, y]) => (x > 0.1 && y > 0.1 ? Math.abs(Math.log(y / x)) : 0);
  const far = points.flat().reduce((a, b) => (apart(b) > apart(a) ? b : a));
  here.find(`Points on the line are experts as busy in decode as in prefill. Furthest from it is expert ${far[2]} of layer ${layerNames[far[3]]}: ` +
    `${times(far[0])} the mean in prefill, ${times(far[1])} in decode.`);
  const top = Math.ceil(2 * points.flat().reduce((most, [x, y]) => Math.max(most, x, y), 0)) / 2;
  const figure = chart(420, "Load of each expert in prefill against decode as a scatter; the table below has the figures", () => ({
    grid: { left: 20, right: 20, top: 12, bottom: 34, containLabel: true },
    tooltip: tooltip((point) => `Layer ${layerNames[point.value[3]]}, expert ${point.value[2]}<br>prefill <b>${times(point.value[0])}</b>, decode <b>${times(point.value[1])}</b> the mean`),
    xAxis: axis({ type: "value", min: 0, max: top, name: "Prefill, times the mean", nameLocation: "middle", nameGap: 28 }),
    yAxis: axis({ type: "value", min: 0, max: top, name: "Decode, times the mean", nameLocation: "middle", nameGap: 34 }),
    series: [
      { type: "line", data: [[0, 0], [top, top]], symbol: "none", silent: true, lineStyle: { color: colours("muted"), type: [5, 4], width: 1.2 } },
      // Drawn at once: drawn in steps, an image or a print of a large model lacks most of its points.
      { type: "scatter", progressive: 0, symbolSize: layerShown < 0 ? 5 : 8, itemStyle: { color: colours("measure"), opacity: 0.7 }, data: layerShown < 0 ? points.flat() : points[layerShown] },
    ],
  }));
  here.add(titled(ofLayers("Experts"), figure), folded(() => [table("Tokens of each expert in prefill and in decode", ["Layer", "Expert", "Prefill tokens", "times the mean", "Decode tokens", "times its mean"],
    points.flatMap((ofLayer, l) => ofLayer.map(([x, y, e]) => [layerNames[l], String(e), count(prefill[l][e]), fixed(x, 3), count(decode[l][e]), fixed(y, 3)])))]));
}
