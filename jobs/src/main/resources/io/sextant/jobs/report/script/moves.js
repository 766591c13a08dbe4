// ---- what moves

function moves() {
  const here = place("moves");
  const value = data.moves.value;
  if (!value) return here.missing(data.moves.note);
  const megabytes = (bytes) => bytes / 1e6;
  const copied = sum(value.layers.map((layer) => layer.copiedBytes));
  const between = sum(offDiagonal(value.bytesBetweenNodes));
  const known = value.layers.every((layer) => layer.movedBytes != null);
  here.find(`${plural(value.allWrites, "slot")} of ${plural(data.layers.length, "layer")} are written. ` +
    `${fixed(megabytes(copied), 1)} MB of expert weights are copied between GPUs, ${fixed(megabytes(between), 1)} MB of them between nodes` +
    (known ? `; ${fixed(megabytes(sum(value.layers.map((layer) => layer.movedBytes))), 1)} MB are new to their GPU.` : "."));
  const names = nodeNames(value.bytesBetweenNodes.length);
  const flows = value.bytesBetweenNodes.map((row) => row.map(megabytes));
  here.add(element("div", { class: "pair" },
    titled("Weights copied between GPUs, MB by layer", chart(230, "Megabytes of weights copied between GPUs, by layer; the table below has the figures", () => ({
      grid: { left: 8, right: 12, top: 12, bottom: 30, containLabel: true },
      tooltip: tooltip((point) => `Layer ${point.name}<br><b>${fixed(point.value, 1)} MB</b>`),
      xAxis: layerAxis(),
      yAxis: axis({ type: "value", min: 0, axisLine: { show: false } }),
      series: [{ type: "bar", barMaxWidth: 30, itemStyle: { color: colours(after ? planColour(after) : "plan-sextant") }, ...layerMark(), data: value.layers.map((layer) => megabytes(layer.copiedBytes)) }],
    }))),
    titled(ofLayers("From the row's node to the column's, MB", { fixedTo: "all layers" }), names.length > 1 ? matrix("Megabytes of weights from node to node; the table below has the figures", names, flows, 1,
      (from, to, mb) => `${from} to ${to}<br><b>${fixed(mb, 1)} MB</b>`).figure : element("p", { class: "na" }, "There is one node."))));
  here.add(table("Moves by layer", ["Layer", "Slots written", "Steps", "New to their GPU, MB", "Copied, MB"],
    value.layers.map((layer, l) => [layerNames[l], count(layer.writes), count(layer.steps),
      layer.movedBytes == null ? NA : fixed(megabytes(layer.movedBytes), 1), fixed(megabytes(layer.copiedBytes), 1)])));
  here.add(folded(() => [
    table("Weights from node to node, MB; the diagonal stays within a node", ["From", ...names.map((name) => `to ${name}`)],
      names.map((name, a) => [name, ...flows[a].map((mb) => fixed(mb, 1))])),
    table(value.writes.length < value.allWrites ? `The first ${count(value.writes.length)} of ${count(value.allWrites)} writes; the table moves has all` : "Every write",
      ["Layer", "Step", "Slot", "Expert", "From slot", "From GPU", "GPU"], value.writes.map((write) => write.map(String))),
  ], "More tables: nodes, and every write"));
}
