// ---- the cluster

function clusterMap() {
  const here = place("map");
  const value = data.map.value;
  if (!value) return here.missing(data.map.note);
  const perNode = value.experts[0].length / value.nodes;
  const copies = (layer) => {
    const made = new Array(data.experts).fill(0);
    value.experts[layer].forEach((slots) => slots.forEach((expert) => { made[expert] += 1; }));
    return made;
  };
  const loads = (layer) => {
    const phases = data.load.value ? phasesOf(data.load.value) : [];
    const tokens = new Array(data.experts).fill(0).map((_, expert) => sum(phases.map(([, phase]) => phase[layer][expert])));
    const mean = sum(tokens) / data.experts;
    return mean ? tokens.map((one) => one / mean) : null;
  };
  const replicated = sum(layerNames.map((_, layer) => copies(layer).filter((n) => n > 1).length));
  here.find(`${plural(value.nodes, "node")} of ${plural(perNode, "GPU")}, ${count(sum(value.experts[0].map((slots) => slots.length)))} slots per layer; ` +
    (replicated ? `${plural(replicated, "expert")} with more than one copy, over all layers.` : "no expert has a second copy."));
  // The digits of every expert are to be read, however many slots a GPU has: narrow pages wrap a GPU's slots.
  const digits = String(data.experts - 1).length;
  const slotsOfGpu = Math.max(...value.experts.flatMap((gpus) => gpus.map((slots) => slots.length)));
  const slotPixels = Math.ceil(7.4 * digits) + 8;
  const holder = element("div", { class: "cluster", style: `--slot:${slotPixels}px;--node:${64 + Math.min(slotsOfGpu, 16) * (slotPixels + 3)}px` });
  const show = (layer) => {
    const share = loads(layer);
    const times = copies(layer);
    const mark = (expert, on) => holder.querySelectorAll(`[data-expert="${expert}"]`).forEach((cell) => cell.classList.toggle("same", on));
    const nodes = [];
    for (let node = 0; node < value.nodes; node++) {
      const box = element("div", { class: "node" }, element("h3", {}, `Node ${node}`));
      for (let gpu = node * perNode; gpu < (node + 1) * perNode; gpu++) {
        const row = element("div", { class: "gpu" }, element("span", {}, String(gpu)));
        for (const expert of value.experts[layer][gpu]) {
          const load = share ? share[expert] / times[expert] : null;
          const said = `Expert ${expert}` + (load == null ? "" : `, load ${fixed(load, 2)}`) + (times[expert] > 1 ? `, ${times[expert]} copies` : "");
          const cell = element("button", { type: "button", class: `slot${times[expert] > 1 ? " copy" : ""}`, "data-expert": expert, title: said, "aria-label": `GPU ${gpu}: ${said}` }, String(expert));
          if (load != null) {
            const colour = sequential(Math.min(1, load / 2));
            cell.style.background = colour;
            cell.style.color = onColour(colour);
          }
          for (const [event, on] of [["mouseenter", true], ["focus", true], ["mouseleave", false], ["blur", false]]) cell.addEventListener(event, () => mark(expert, on));
          row.append(cell);
        }
        box.append(row);
      }
      nodes.push(box);
    }
    holder.replaceChildren(...nodes);
  };
  redraws.push(() => show(oneLayer()));
  here.add(element("h3", {}, ...ofLayers("Experts of every GPU", { one: true })), element("div", { class: "bar" },
    element("span", { class: "scale" }, "The filter at the top chooses the layer."),
    scale("sequential", "0", "2 and more", "load of a copy divided by the mean of the layer")), holder);
  here.add(howLink("placement of every expert"), folded(() => [table("Slots of the map", ["Layer", "Node", "GPU", "Slot", "Expert", "Copies"],
    value.experts.flatMap((gpus, layer) => {
      const times = copies(layer);
      return gpus.flatMap((slots, gpu) => slots.map((expert, slot) =>
        [layerNames[layer], String(Math.floor(gpu / perNode)), String(gpu), String(slot), String(expert), String(times[expert])]));
    }))]));
}
