// ---- charts: drawn again when the colours or the width change

const charts = [];
/** What else depends on the colours. */
const redraws = [];
let colours;

/** Index of the layer that the filter in the navigation shows; -1 for all. */
let layerShown = -1;
/** The layer of what can show one only: the first until one is chosen. */
const oneLayer = () => Math.max(0, layerShown);

function readColours() {
  const style = getComputedStyle(document.documentElement);
  colours = (name) => style.getPropertyValue("--" + name).trim();
}

/** A chart that scrolls sideways where the page is narrower than `minWidth` pixels. */
function chart(height, label, option, minWidth = 0) {
  const box = element("div", { class: "chart", role: "img", "aria-label": label, style: `height:${height}px;min-width:${minWidth}px` });
  charts.push({ box, option, drawn: null });
  return element("figure", {}, ...(minWidth ? scrolling(label, box) : [box]), howLink(label));
}

function titled(title, ...children) {
  return element("div", {}, element("h3", {}, ...[title].flat()), ...children);
}

/** A title that says which layers it shows; `one` if it can show a single layer only. */
function ofLayers(title, { one = false, fixedTo = "" } = {}) {
  const said = element("span", { class: "scope" });
  redraws.push(() => {
    said.textContent = fixedTo || (layerShown < 0 && !one ? "all layers" : `layer ${layerNames[oneLayer()]}`);
  });
  return [title, " ", said];
}

const layerMark = () => (layerShown < 0 ? {} : { markLine: { silent: true, symbol: "none", label: { show: false }, animation: false,
  lineStyle: { color: colours("muted"), type: "solid", width: 1 }, data: [{ xAxis: layerShown }] } });

function showLayer(index) {
  layerShown = index;
  drawAll();
}

function draw(one) {
  if (one.drawn) one.drawn.dispose();
  const option = one.option(one.box);
  const cells = option.series.reduce((most, series) => Math.max(most, series.data.length), 0);
  // SVG prints sharply, but many thousand cells are faster on a canvas.
  one.drawn = echarts.init(one.box, null, { renderer: cells > 4000 ? "canvas" : "svg" });
  one.drawn.setOption({
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colours("ink") },
    ...option,
  });
}

function drawAll() {
  readColours();
  charts.forEach(draw);
  redraws.forEach((redraw) => redraw());
}

const tooltip = (formatter, trigger = "item") => ({
  trigger, confine: true, formatter, transitionDuration: 0,
  backgroundColor: colours("surface"), borderColor: colours("line"), padding: [7, 10],
  textStyle: { color: colours("ink"), fontSize: 12.5 },
  axisPointer: { type: "line", lineStyle: { color: colours("line") } },
});

const axis = (more) => ({
  axisLine: { lineStyle: { color: colours("line") } },
  axisTick: { show: false },
  axisLabel: { color: colours("muted"), fontSize: 12, hideOverlap: true },
  nameTextStyle: { color: colours("muted"), fontSize: 12 },
  splitLine: { lineStyle: { color: colours("grid") } },
  ...more,
});

const legend = (names) => ({
  data: names, left: 0, top: 0, itemWidth: 18, itemHeight: 9, itemGap: 18, textStyle: { color: colours("muted"), fontSize: 12.5 },
});
/** Pixels above a chart for a legend, whose entries take as many rows as the width makes them. */
function legendHeight(names, width) {
  let [rows, used] = [1, 0];
  for (const name of names) {
    const wide = 18 + 10 + widest([name], 12.5) + 18;
    if (used > 0 && used + wide > width) [rows, used] = [rows + 1, 0];
    used += wide;
  }
  return 18 + 22 * rows;
}

const layerNames = data.layers.map(String);
const layerAxis = () => axis({ type: "category", data: layerNames, name: "MoE layer", nameLocation: "middle", nameGap: 28, splitLine: { show: false } });
const valueAxis = (more) => axis({ type: "value", scale: true, axisLine: { show: false }, ...more });

/** An axis from 1, where all is even, in round steps. */
function aboveOne(values) {
  const top = Math.max(1.01, ...values.filter((value) => value != null));
  const interval = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100].find((step) => (top - 1) / step <= 6) || 500;
  return { min: 1, max: +(1 + interval * Math.ceil((top - 1) / interval + 1e-9)).toFixed(2), interval };
}

/** Lines over the layers, one a series: {name, colour, values, dashed}. */
function byLayer(label, series, { fromOne = false, digits = 3 } = {}) {
  const said = (name) => {
    const value = layerShown < 0 ? null : series.find((one) => one.name === name).values[layerShown];
    return value == null ? name : `${name}: ${fixed(value, digits)}`;
  };
  return chart(290, label, (box) => ({
    legend: { ...legend(series.map((one) => one.name)), formatter: said },
    grid: { left: 8, right: 12, top: legendHeight(series.map((one) => said(one.name)), box.clientWidth), bottom: 30, containLabel: true },
    tooltip: tooltip((points) => `Layer ${points[0].axisValue}<br>` +
      points.map((point) => `${point.marker}${echarts.format.encodeHTML(point.seriesName)} <b>${fixed(point.value, digits)}</b>`).join("<br>"), "axis"),
    xAxis: layerAxis(),
    yAxis: valueAxis(fromOne ? aboveOne(series.flatMap((one) => one.values)) : {}),
    series: series.map((one, i) => ({
      ...(i === 0 ? layerMark() : {}),
      name: one.name, type: "line", data: one.values, symbol: "circle", showSymbol: data.layers.length <= 24 || layerShown >= 0, showAllSymbol: true, connectNulls: false,
      symbolSize: (value, point) => (point.dataIndex === layerShown ? 11 : data.layers.length <= 24 ? 7 : 0),
      itemStyle: { color: colours(one.colour) },
      lineStyle: { color: colours(one.colour), width: one.strong ? 2.6 : 1.8, type: one.dashed ? [5, 4] : "solid" },
    })),
  }));
}

const mix = (a, b, t) => {
  const parts = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  const from = parts(a);
  const to = parts(b);
  return "#" + from.map((v, i) => Math.round(v + (to[i] - v) * t).toString(16).padStart(2, "0")).join("");
};
const luminance = (hex) => {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a, b) => (Math.max(luminance(a), luminance(b)) + 0.05) / (Math.min(luminance(a), luminance(b)) + 0.05);
/** Black or white, whichever is read better on a colour: one of them has a contrast of 4.5 with any. */
const onColour = (hex) => (contrast(hex, "#000000") >= contrast(hex, "#ffffff") ? "#000000" : "#ffffff");

/** The middle of the sequential scale is at half of it, as in the legend's gradient. */
function sequential(t) {
  return t < 0.5 ? mix(colours("low"), colours("middle"), 2 * t) : mix(colours("middle"), colours("high"), 2 * t - 1);
}

const scale = (kind, low, high, middle) => element("div", { class: "scale", "aria-hidden": "true" },
  element("span", {}, low), element("i", { class: kind }), element("span", {}, high), ...(middle ? [element("span", {}, middle)] : []));

const offDiagonal = (values) => values.flatMap((row, a) => row.filter((value, b) => a !== b && value != null));

/** A matrix without its diagonal; `range` is the scale where several share one. */
function matrix(label, names, values, digits, describe, range = offDiagonal(values)) {
  const n = names.length;
  const low = Math.min(...range);
  const high = Math.max(...range);
  const label12 = widest(names, 12);
  const wide = n <= 14 ? 58 : 34;
  const turned = label12 > wide - 8;
  // The narrowest cell has its digits, and below it its name unless that is slanted.
  const narrowest = Math.max(n <= 14 ? 36 : 16, turned ? 0 : label12 + 8);
  const margin = { left: label12 + 12, bottom: turned ? Math.ceil(label12 * Math.SQRT1_2) + 18 : 26 };
  const cell = n <= 14 ? 38 : 24;
  const cells = () => {
    const made = [];
    values.forEach((row, a) => row.forEach((value, b) => {
      if (a === b || value == null) return;
      const colour = sequential(high > low ? (value - low) / (high - low) : 0.5);
      made.push({ value: [b, a, value], itemStyle: { color: colour, borderColor: colours("surface"), borderWidth: 2 }, label: { color: onColour(colour) } });
    }));
    return made;
  };
  const figure = chart(n * cell + 4 + margin.bottom, label, () => ({
    grid: { ...margin, right: 4, top: 4 },
    tooltip: tooltip((point) => describe(names[point.value[1]], names[point.value[0]], point.value[2])),
    xAxis: axis({ type: "category", data: names, axisLine: { show: false }, splitLine: { show: false },
      axisLabel: { color: colours("muted"), fontSize: 12, interval: 0, rotate: turned ? 45 : 0 } }),
    yAxis: axis({ type: "category", data: names, inverse: true, axisLine: { show: false }, splitLine: { show: false },
      axisLabel: { color: colours("muted"), fontSize: 12, interval: 0 } }),
    series: [{ type: "heatmap", data: cells(), label: { show: n <= 14, fontSize: 11.5, formatter: (point) => fixed(point.value[2], digits) },
      emphasis: { itemStyle: { borderColor: colours("ink"), borderWidth: 1 } } }],
  }), margin.left + 4 + n * narrowest);
  figure.style.maxWidth = `${margin.left + 4 + n * wide}px`;
  return { figure, low, high };
}

function pairs(names, values) {
  const made = [];
  for (let a = 0; a < names.length; a++) {
    for (let b = a + 1; b < names.length; b++) {
      if (values[a][b] != null) made.push({ a: names[a], b: names[b], value: values[a][b] });
    }
  }
  return made.sort((x, y) => y.value - x.value);
}

const triangle = (caption, names, values, digits) => table(caption, ["", ...names],
  names.map((name, a) => [name, ...names.map((other, b) => (a === b ? "" : fixed(values[a][b], digits)))]));
