// ---- who sends to whom

const nodeNames = (n) => Array.from({ length: n }, (_, node) => `Node ${node}`);

function nodes() {
  const here = place("nodes");
  const links = data.links.value;
  if (!links) return here.missing(data.links.note);
  const of = (plan) => (plan ? links.find((one) => one.plan === plan.name) : null);
  const pair = [before, after].filter((plan) => plan && plan.all && of(plan));
  if (!pair.length) return here.missing("neither the plan nor the map before it has such rows");
  const percents = pair.map((plan) => of(plan).tokens.map((row) => row.map((tokens) => (100 * tokens) / plan.all.tokens)));
  const range = percents.flatMap(offDiagonal);
  const names = nodeNames(percents[0].length);
  const busiest = (values) => {
    let [from, to] = [0, 1];
    values.forEach((row, a) => row.forEach((value, b) => { if (a !== b && value > values[from][to]) [from, to] = [a, b]; }));
    return `from node ${from} to node ${to}, ${fixed(values[from][to], 1)} %`;
  };
  here.find(pair.map((plan, i) => `Under ${called(plan)} the busiest link is ${busiest(percents[i])} of the tokens.`).join(" "));
  here.add(element("div", { class: "bar" }, scale("sequential", `${fixed(Math.min(...range), 1)} %`, `${fixed(Math.max(...range), 1)} %`, "of the tokens; from the row to the column")),
    element("div", { class: "pair" }, ...pair.map((plan, i) => titled([...swatch(called(plan)), ...ofLayers(plan === after ? `After: ${called(after)}` : `Before: ${called(plan)}`, { fixedTo: "all layers" })],
      matrix(`Tokens from node to node under ${called(plan)}; the table below has the figures`, names, percents[i], 1,
        (from, to, value) => `${from} to ${to}<br><b>${fixed(value, 2)} %</b> of the tokens`, range).figure))),
    folded(() => [table("Tokens sent from node to node, all layers; a token counts once per node", ["From", "To", ...links.flatMap((one) => [called({ name: one.plan }), "% of tokens"])],
      names.flatMap((from, a) => names.flatMap((to, b) => (a === b ? [] : [[from, to, ...links.flatMap((one) => {
        const scored = planOf(one.plan);
        return [count(one.tokens[a][b]), scored && scored.all ? fixed((100 * one.tokens[a][b]) / scored.all.tokens, 2) : NA];
      })]]))))]));
}
