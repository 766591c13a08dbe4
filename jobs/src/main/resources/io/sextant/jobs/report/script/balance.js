// ---- balance

function balance() {
  const here = place("balance");
  const scored = plans.some((plan) => plan.byLayer.some(Boolean));
  const phases = data.imbalance.value;
  if (!scored && !phases) return here.missing(data.imbalance.note);
  const found = [];
  const both = element("div", { class: "pair" });
  const tables = [];
  if (scored) {
    const values = (plan) => plan.byLayer.map((score) => (score ? score.gpuLoad : null));
    both.append(titled("GPU load, max/mean", byLayer("Max/mean GPU load by layer and plan; the table below has the figures",
      plans.map((plan) => ({ name: called(plan), colour: planColour(plan), strong: plan === after, dashed: plan === before, values: values(plan) })), { fromOne: true })));
    tables.push(() => layerTable("Max/mean GPU load by layer", "gpuLoad"));
    if (before && after) {
      const was = values(before);
      const worst = was.indexOf(Math.max(...was.filter((v) => v != null)));
      const improved = was.filter((v, i) => v != null && values(after)[i] != null && values(after)[i] < v).length;
      if (worst >= 0) {
        found.push(`Under ${called(before)}, layer ${layerNames[worst]} is the most uneven, at ${fixed(was[worst], 2)} times the mean; ` +
          `under Sextant it is at ${fixed(values(after)[worst], 2)}. ${count(improved)} of ${plural(data.layers.length, "layer")} are more even.`);
      }
    }
  } else {
    both.append(titled("GPU load, max/mean", element("p", { class: "na" }, `Not available: ${data.traffic.note || "no plan has figures by layer"}.`)));
  }
  if (phases) {
    const present = ["prefill", "decode"].filter((key) => phases[key].some((value) => value != null));
    // If there is only one phase, both together are that phase.
    const series = [["prefill and decode", "all", "both"], ["prefill", "prefill", "prefill"], ["decode", "decode", "decode"]]
      .filter(([, key]) => (key === "all" ? present.length !== 1 : present.includes(key)))
      .map(([name, key, colour]) => ({ name: present.length ? name : "all tokens", colour, values: phases[key], dashed: key === "all" }));
    both.append(titled("Expert load, max/mean", byLayer("Max/mean load of the experts by layer and phase; the table below has the figures", series, { fromOne: true, digits: 2 })));
    tables.push(() => table("Max/mean load of the experts by layer", ["Layer", "prefill and decode", "prefill", "decode"],
      layerNames.map((layer, i) => [layer, fixed(phases.all[i], 2), fixed(phases.prefill[i], 2), fixed(phases.decode[i], 2)])));
    const missing = ["prefill", "decode"].filter((key) => !present.includes(key));
    if (missing.length === 2) found.push("The source does not tell prefill from decode.");
    else if (missing.length) found.push(`Not available for ${missing.join(" and ")}: the traces have no such rows.`);
  } else {
    both.append(titled("Expert load, max/mean", element("p", { class: "na" }, `Not available: ${data.imbalance.note}.`)));
  }
  here.find(found.join(" "));
  here.add(both, folded(() => tables.map((make) => make())));
}
