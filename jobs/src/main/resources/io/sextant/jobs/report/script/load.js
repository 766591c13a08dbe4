// ---- load

const UNPHASED = "Phase not known";
const phasesOf = (value) => [["Prefill", value.prefill], ["Decode", value.decode], [UNPHASED, value.unphased]].filter(([, tokens]) => tokens);

function load() {
  const here = place("load");
  const value = data.load.value;
  if (!value) return here.missing(data.load.note);
  const phases = phasesOf(value);
  if (!phases.length) return here.missing("no expert has a token in the window");
  const added = phases[0][1].map((row, l) => row.map((_, e) => sum(phases.map(([, tokens]) => tokens[l][e]))));
  if (phases.length > 1) phases.unshift(["All", added]);
  const ratios = (tokens) => tokens.map((row) => {
    const mean = sum(row) / row.length;
    return row.map((t) => (mean > 0 ? t / mean : 0));
  });
  const all = ratios(added);
  const flat = all.flat();
  let hot = [0, 0];
  all.forEach((row, l) => row.forEach((ratio, e) => { if (ratio > all[hot[0]][hot[1]]) hot = [l, e]; }));
  const idle = flat.filter((ratio) => ratio === 0).length;
  here.find(`The busiest is expert ${hot[1]} of layer ${layerNames[hot[0]]}, at ${fixed(all[hot[0]][hot[1]], 2)} times the mean of its layer. ` +
    `${plural(flat.filter((ratio) => ratio > 1.5).length, "expert")} of ${count(flat.length)} carry more than 1.5 times the mean, ` +
    `${count(flat.filter((ratio) => ratio < 0.5).length)} less than half` + (idle ? `, ${count(idle)} no tokens at all.` : "."));

  // The busy side sets the scale, without its rarest cells: an idle expert has no lower end, and one outlier must not make the other cells pale.
  const logs = phases.flatMap(([, tokens]) => ratios(tokens).flat()).filter((r) => r > 1).map(Math.log2).sort((a, b) => a - b);
  const widestUsual = logs.length ? logs[Math.floor(0.995 * (logs.length - 1))] : 0;
  const limit = Math.min(3, Math.max(0.5, Math.ceil(2 * widestUsual) / 2));
  // A row of the map is a layer or, within one layer, a domain or a phase.
  const shares = (percent) => percent.map((row) => row.map((one) => one / 100));
  const views = [{ name: "By layer", rows: layerNames, of: (phase) => ratios(phases[phase][1]), title: "MoE layer" }];
  if (value.byDomain.length > 1) {
    const domainShares = value.byDomain.map((domain) => shares(domain.percent));
    views.push({ name: "By domain", rows: value.byDomain.map((domain) => domain.name), of: () => domainShares.map((one) => one[oneLayer()]), title: "", layers: true });
  }
  if (phases.length > 1) {
    views.push({ name: "By phase", rows: phases.slice(1).map(([name]) => name), of: () => phases.slice(1).map(([, tokens]) => ratios(tokens)[oneLayer()]), title: "", layers: true });
  }
  for (const view of views) {
    let phase = 0;
    const rows = view.rows;
    const margin = 14 + widest(rows, 12) + (view.title ? 18 : 0);
    const rowHeight = Math.max(9, Math.min(34, Math.floor(620 / rows.length)));
    const label = `Load of ${view.layers ? "each expert of a layer" : "every expert"} ${view.name.toLowerCase()} as a heat map; the tables below have the figures`;
    const figure = chart(52 + rowHeight * rows.length, label, () => {
      const shown = view.of(phase);
      const dimmed = { opacity: 0.25 };
      const cells = [];
      shown.forEach((row, r) => row.forEach((ratio, e) => {
        const value = [e, r, ratio > 0 ? Math.max(-limit, Math.min(limit, Math.log2(ratio))) : -limit];
        cells.push(view.layers || layerShown < 0 || r === layerShown ? value : { value, itemStyle: dimmed });
      }));
      return {
        grid: { left: margin, right: 6, top: 4, bottom: 44 },
        tooltip: tooltip((point) => {
          const [e, r] = point.value;
          const where = view.layers ? `Layer ${layerNames[oneLayer()]}, ${echarts.format.encodeHTML(rows[r])}` : `Layer ${rows[r]}`;
          return `${where}, expert ${e}<br><b>${times(shown[r][e])}</b> the mean`;
        }),
        xAxis: axis({ type: "category", data: Array.from({ length: data.experts }, (_, e) => String(e)), name: "Logical expert", nameLocation: "middle", nameGap: 26,
          axisLine: { show: false }, splitLine: { show: false }, axisLabel: { color: colours("muted"), fontSize: 12, interval: (i) => i % (data.experts > 160 ? 16 : data.experts > 48 ? 8 : 4) === 0 } }),
        yAxis: axis({ type: "category", data: rows, inverse: true, name: view.title, nameLocation: "middle", nameGap: margin - 14,
          axisLine: { show: false }, splitLine: { show: false },
          axisLabel: { color: colours("muted"), fontSize: 12, interval: (r) => r % Math.ceil(16 / rowHeight) === 0 } }),
        visualMap: { show: false, min: -limit, max: limit, dimension: 2, inRange: { color: ["cold", "cool", "even", "warm", "hot"].map((c) => colours(c)) } },
        // Drawn at once, because a print could begin between the steps of progressive drawing.
        series: [{ type: "heatmap", data: cells, progressive: 0, emphasis: { itemStyle: { borderColor: colours("ink"), borderWidth: 1 } },
          itemStyle: { borderColor: colours("surface"), borderWidth: rows.length * data.experts <= 4000 ? 0.6 : 0 } }],
      };
    }, margin + 6 + data.experts * (data.experts > 160 ? 3 : 5));
    const again = () => draw(charts.find((one) => figure.contains(one.box)));
    const bar = element("div", { class: "bar" });
    if (view.layers) {
      bar.append(element("span", { class: "scale" }, "The filter at the top chooses the layer."));
    } else if (phases.length > 1) {
      bar.append(choice("Phase shown", phases.map(([name]) => name), (i) => { phase = i; again(); }));
    } else {
      bar.append(element("span", { class: "scale" }, phases[0][0] === UNPHASED ? "The source does not tell prefill from decode." : `${phases[0][0]} only: the traces have no ${value.prefill ? "decode" : "prefill"} rows.`));
    }
    bar.append(scale("diverging", `\u2264 ${fixed(2 ** -limit, 2)}\u00d7 the mean`, `\u2265 ${fixed(2 ** limit, 2)}\u00d7`));
    here.add(titled(ofLayers(view.name, { one: view.layers }), bar, figure));
  }
  if (value.byDomain.length < value.domains) {
    here.add(element("p", { class: "note" }, `The ${count(value.byDomain.length)} busiest of ${count(value.domains)} domains are shown.`));
  }
  const busiest = (row) => row.map((ratio, e) => [ratio, e]).sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  here.add(folded(() => [table("Busiest and least busy experts of each layer, as expert (times the mean)",
    ["Layer", "busiest", "least busy", "share of the busiest tenth"],
    all.map((row, l) => {
      const order = busiest(row);
      const show = (entries) => entries.map(([ratio, e]) => `${e} (${fixed(ratio, 2)})`).join(", ");
      const tenth = Math.max(1, Math.round(order.length / 10));
      return [layerNames[l], show(order.slice(0, 5)), show(order.slice(-5).reverse()), `${fixed((100 * sum(order.slice(0, tenth).map(([ratio]) => ratio))) / Math.max(1e-12, sum(row)), 1)} %`];
    })),
  table("Busiest experts of each domain in each layer, as expert (times the domain's mean)", ["Domain", "Tokens x experts", ...layerNames.map((layer) => `Layer ${layer}`)],
    value.byDomain.map((domain) => [domain.name, count(domain.tokens), ...shares(domain.percent).map((row) =>
      busiest(row).slice(0, 3).map(([ratio, e]) => `${e} (${fixed(ratio, 2)})`).join(", "))]))], "As tables, by layer and by domain"));
}
