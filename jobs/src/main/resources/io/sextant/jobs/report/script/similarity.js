// ---- domains and drift

function domains() {
  const here = place("domains");
  const value = data.domains.value;
  if (!value) return here.missing(data.domains.note);
  const ranked = pairs(value.names, value.cosine);
  if (!ranked.length) return here.missing("no pair of domains has a similarity");
  const most = ranked[0];
  const least = ranked[ranked.length - 1];
  here.find(`The most similar domains are ${most.a} and ${most.b} (cosine ${fixed(most.value, 2)}), the least similar ${least.a} and ${least.b} (${fixed(least.value, 2)}).`);
  const escape = echarts.format.encodeHTML;
  const made = matrix(`Similarity of ${value.names.length} domains as a matrix; the table below has the figures`, value.names, value.cosine, 2,
    (a, b, cosine) => `${escape(a)} and ${escape(b)}<br>cosine <b>${fixed(cosine)}</b>`);
  here.add(element("div", { class: "bar" }, scale("sequential", fixed(made.low, 2), fixed(made.high, 2), "cosine, mean over all layers")), made.figure,
    folded(() => [triangle("Cosine", value.names, value.cosine, 3), triangle("Jensen-Shannon divergence, bits", value.names, value.jensenShannon, 3)]));
}

function drift() {
  const here = place("drift");
  const value = data.drift.value;
  if (!value) return here.missing(data.drift.note);
  const percent = value.totalVariation.map((row) => row.map((one) => (one == null ? null : 100 * one)));
  const ranked = pairs(value.days, percent);
  if (!ranked.length) return here.missing("no pair of days has a distance");
  const steps = value.days.slice(1).map((day, i) => percent[i][i + 1]).filter((one) => one != null);
  const most = ranked[0];
  here.find((steps.length ? `From one day to the next the experts' shares change for ${fixed(sum(steps) / steps.length, 1)} % of the tokens on average. ` : "") +
    `The most different days are ${most.a} and ${most.b}, at ${fixed(most.value, 1)} %.`);
  const shortDay = (day) => day.slice(5);
  const sameYear = new Set(value.days.map((day) => day.slice(0, 4))).size === 1;
  const names = sameYear ? value.days.map(shortDay) : value.days;
  const made = matrix(`Distance of ${value.days.length} days as a matrix; the table below has the figures`, names, percent, 1,
    (a, b, one) => `${a} and ${b}<br><b>${fixed(one, 2)} %</b> of the tokens`);
  here.add(element("div", { class: "bar" }, scale("sequential", `${fixed(made.low, 1)} %`, `${fixed(made.high, 1)} %`, `of the tokens, mean over all layers${sameYear ? `, days of ${value.days[0].slice(0, 4)}` : ""}`)), made.figure,
    folded(() => [triangle("Total variation, % of the tokens", value.days, percent, 2), triangle("Jensen-Shannon divergence, bits", value.days, value.jensenShannon, 4)]));
}
