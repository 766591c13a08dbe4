// ---- precision and kernels

const asPeopleCount = new Intl.Collator("en", { numeric: true }).compare;

function precision() {
  const here = place("precision");
  if (!data.products.value) return here.missing(data.products.note);
  const products = [...data.products.value].sort((a, b) => asPeopleCount(a.site, b.site));
  const hazardous = products.filter((one) => one.hazards);
  const unsafe = products.filter((one) => !one.safe);
  here.find(`${plural(products.length, "product")}: ${unsafe.length ? `${count(unsafe.length)} unsafe in some recipe` : "every recipe is safe in all of them"}; ` +
    (hazardous.length ? `hazards in ${count(hazardous.length)}.` : "no hazards."));
  const recipes = Object.keys(products[0].errors);
  const names = products.map((one) => one.site);
  // A slanted name reaches to the left of its product, and that of the first one beyond the axis and its numbers.
  const least = 60 + 14 * products.length;
  const beyond = (width) => Math.max(8, ...names.map((name, i) =>
    Math.ceil(widest([name], 11) * Math.SQRT1_2 + 8 - widest(["0.05"], 12) - ((i + 0.5) * (Math.max(width, least) - 120)) / names.length)));
  if (products.length <= 60) {
    const shades = ["recipe-1", "recipe-2", "recipe-3", "recipe-4"];
    const limit = data.errorLimit == null ? [] : [`limit ${data.errorLimit}`];
    here.add(chart(320, "Predicted error of every product and recipe; the table below has the figures", (box) => ({
      legend: legend([...recipes, "N(0,1)", ...limit]),
      grid: { left: beyond(box.clientWidth), right: 44, top: legendHeight([...recipes, "N(0,1)", ...limit], box.clientWidth), bottom: 10, containLabel: true },
      tooltip: tooltip((points) => `${echarts.format.encodeHTML(points[0].axisValue)}<br>` +
        points.map((point) => `${point.marker}${point.seriesName} <b>${fixed(point.value, 4)}</b>`).join("<br>"), "axis"),
      xAxis: axis({ type: "category", data: names, splitLine: { show: false }, axisLabel: { color: colours("muted"), fontSize: 11, rotate: 45, hideOverlap: true } }),
      yAxis: axis({ type: "value", min: 0, axisLine: { show: false } }),
      series: [...recipes.map((recipe, i) => ({ name: recipe, type: "scatter", symbolSize: 8, data: products.map((one) => one.errors[recipe]), itemStyle: { color: colours(shades[i % 4]) } })),
        { name: "N(0,1)", type: "line", symbol: "none", data: products.map((one) => one.gaussian), lineStyle: { color: colours("muted"), type: [5, 4] }, itemStyle: { color: colours("muted") } },
        ...limit.map((name) => ({ name, type: "line", symbol: "none", data: products.map(() => data.errorLimit), lineStyle: { color: colours("worse"), width: 2 }, itemStyle: { color: colours("worse") },
          endLabel: { show: true, formatter: "limit", color: colours("worse"), fontSize: 12 } }))],
    }), least));
  }
  here.add(folded(() => [table("Predicted error by product and recipe", ["Product", ...recipes, "N(0,1)", "Verdict", "Hazards", "Adaptations"],
    products.map((one) => [one.site, ...recipes.map((recipe) => fixed(one.errors[recipe], 4)), fixed(one.gaussian, 4),
      one.safe ? "safe" : "unsafe", one.hazards, one.mods]))]));
}

function kernels() {
  const here = place("kernels");
  const chosen = data.kernels.value;
  if (!chosen) return here.missing(data.kernels.note);
  const sites = [...new Set(chosen.map((one) => one.site))];
  const tokens = [...new Set(chosen.map((one) => one.tokens))].sort((a, b) => a - b);
  const of = (site, n) => chosen.find((one) => one.site === site && one.tokens === n);
  const best = chosen.reduce((a, b) => (b.speedup > a.speedup ? b : a));
  here.find(`The maximum speedup over BF16 is ${times(best.speedup)} (${best.site} at ${count(best.tokens)} tokens, ${best.recipe}); ` +
    `BF16 remains the choice in ${count(chosen.filter((one) => one.recipe === "bf16").length)} of ${plural(chosen.length, "case")}.`);
  here.add(table("Speedup over BF16 and recipe, by number of tokens and product", ["Tokens", ...sites],
    tokens.map((n) => [count(n), ...sites.map((site) => (of(site, n) ? `${times(of(site, n).speedup)} ${of(site, n).recipe}` : NA))])));
  here.add(folded(() => [table("Every choice, with the reasons against the other kernels", ["Product", "Tokens", "Recipe", "Library", "Microseconds", "Speedup", "Error", "Reasons against the others"],
    chosen.map((one) => [one.site, count(one.tokens), one.recipe, one.library, fixed(one.micros, 1), fixed(one.speedup, 2), fixed(one.error, 4), one.losers]))]));
}
