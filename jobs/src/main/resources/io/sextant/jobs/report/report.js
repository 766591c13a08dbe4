"use strict";
(() => {
  const data = JSON.parse(document.getElementById("report-data").textContent);
  const NA = "not available";

  // ---- words and numbers

  const number = (digits) => new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const formats = [0, 1, 2, 3, 4].map(number);
  const fixed = (value, digits = 3) => (value == null ? NA : formats[digits].format(value));
  const count = (value) => formats[0].format(value);
  const plural = (n, one, many = one + "s") => `${count(n)} ${n === 1 ? one : many}`;
  /** A change that rounds to 0 is neither better nor worse. */
  const same = (percent) => Math.abs(percent) < 0.05;
  const signed = (percent) => (same(percent) ? "\u00b10.0 %" : `${percent < 0 ? "\u2212" : "+"}${fixed(Math.abs(percent), 1)} %`);
  const change = (before, after) => (before == null || after == null || before === 0 ? null : (100 * (after - before)) / before);
  const times = (ratio) => `${fixed(ratio, 2)}\u00d7`;
  const span = (days) => (days.from === days.to ? days.from : `${days.from} to ${days.to}`);
  const sum = (values) => values.reduce((a, b) => a + b, 0);

  // ---- elements

  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  /** What a cell's text is sorted by: its number, where it begins with one. */
  function sortKey(text) {
    const value = parseFloat(String(text).replace(/,/g, "").replace("\u2212", "-"));
    return Number.isNaN(value) ? null : value;
  }

  function csv(caption, heads, rows) {
    const quoted = (cell) => `"${String(cell).replace(/"/g, '""')}"`;
    const text = [heads, ...rows].map((row) => row.map(quoted).join(",")).join("\r\n");
    const link = element("a", { href: URL.createObjectURL(new Blob([text], { type: "text/csv" })),
      download: caption.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60) + ".csv" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 0);
  }

  /** Id of the section that is being filled: what is made now was computed as its paragraph says. */
  let filling = "";

  /** To the paragraph that says how a figure was computed. */
  const howLink = (of) => element("a", { class: "how-link", href: `#how-${filling}`, "aria-label": `How it was computed: ${of}` }, "How it was computed");

  const ROWS_WITHOUT_FILTER = 12;

  /**
   * A table whose first column heads its rows; numbers in `rows` are formatted already. A head sorts, long tables have a
   * filter, and all can be downloaded.
   */
  function table(caption, heads, rows, marked = () => false) {
    const body = element("tbody");
    const filter = element("input", { type: "search", placeholder: "Filter rows", "aria-label": `Filter: ${caption}` });
    let order = { column: -1, falling: false };
    const shown = () => {
      const wanted = filter.value.trim().toLowerCase();
      const kept = rows.filter((row) => !wanted || row.some((cell) => String(cell).toLowerCase().includes(wanted)));
      if (order.column < 0) return kept;
      const turn = order.falling ? -1 : 1;
      return [...kept].sort((a, b) => {
        const [x, y] = [sortKey(a[order.column]), sortKey(b[order.column])];
        return turn * (x != null && y != null ? x - y : String(a[order.column]).localeCompare(String(b[order.column])));
      });
    };
    const fill = () => body.replaceChildren(...shown().map((row) =>
      element("tr", marked(row) ? { class: "ours" } : {}, ...row.map((cell, i) =>
        i === 0 ? element("th", { scope: "row" }, cell) : element("td", cell === NA ? { class: "none" } : {}, cell)))));
    const headCells = heads.map((head, i) => {
      const button = element("button", { type: "button" }, head);
      const cell = element("th", { scope: "col" }, button);
      button.addEventListener("click", () => {
        order = { column: i, falling: order.column === i && !order.falling };
        headCells.forEach((other) => other.removeAttribute("aria-sort"));
        cell.setAttribute("aria-sort", order.falling ? "descending" : "ascending");
        fill();
      });
      return cell;
    });
    filter.addEventListener("input", fill);
    const download = element("button", { type: "button", class: "csv" }, "Download CSV");
    download.addEventListener("click", () => csv(caption, heads, shown()));
    fill();
    const made = element("table", {}, element("caption", {}, caption), element("thead", {}, element("tr", {}, ...headCells)), body);
    return element("div", { class: "tabled" },
      element("div", { class: "tools" }, ...(rows.length > ROWS_WITHOUT_FILTER ? [filter] : []), download, howLink(caption)),
      element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, made));
  }

  const MOST_BUTTONS = 12;

  /** Buttons of which one is pressed; a list where they would be too many. */
  function choice(label, names, chosen) {
    if (names.length > MOST_BUTTONS) {
      const list = element("select", { "aria-label": label }, ...names.map((name, i) => element("option", { value: String(i) }, name)));
      list.addEventListener("change", () => chosen(Number(list.value)));
      return list;
    }
    const group = element("div", { class: "choice", role: "group", "aria-label": label });
    names.forEach((name, i) => {
      const button = element("button", { type: "button", "aria-pressed": String(i === 0) }, name);
      button.addEventListener("click", () => {
        group.querySelectorAll("button").forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
        chosen(i);
      });
      group.append(button);
    });
    return group;
  }

  /** Tables behind a click, made at the first one: a large model's would keep the page from being seen. */
  function folded(make, title = "The same as a table") {
    const details = element("details", {}, element("summary", {}, title));
    const section = filling;
    details.addEventListener("toggle", () => {
      filling = section;
      details.append(...make());
    }, { once: true });
    return details;
  }

  function place(id) {
    const section = document.getElementById(id);
    filling = id;
    return {
      find: (text) => say(section.querySelector(".finding"), text),
      add: (...children) => section.querySelector(".body").append(...children),
      missing: (note) => {
        section.querySelector(".finding").remove();
        section.querySelector(".how").remove();
        section.querySelector(".body").append(element("p", { class: "na" }, `Not available: ${note}.`));
      },
    };
  }

  /** Writes text with its days kept in one piece. */
  function say(holder, text) {
    holder.replaceChildren(...text.split(/(\d{4}-\d\d-\d\d)/).map((part, i) => (i % 2 ? element("time", {}, part) : part)));
  }

  const pen = document.createElement("canvas").getContext("2d");
  /** Pixels of the widest text at a font size. */
  function widest(texts, size) {
    pen.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
    return Math.ceil(Math.max(...texts.map((text) => pen.measureText(text).width)));
  }

  // ---- charts: drawn again when the colours or the width change

  const charts = [];
  /** What else depends on the colours. */
  const redraws = [];
  let colours;

  function readColours() {
    const style = getComputedStyle(document.documentElement);
    colours = (name) => style.getPropertyValue("--" + name).trim();
  }

  function chart(height, label, option) {
    const box = element("div", { class: "chart", role: "img", "aria-label": label, style: `height:${height}px` });
    charts.push({ box, option, drawn: null });
    return element("figure", {}, box, howLink(label));
  }

  function titled(title, ...children) {
    return element("div", {}, element("h3", {}, title), ...children);
  }

  function draw(one) {
    if (one.drawn) one.drawn.dispose();
    const option = one.option();
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
    return chart(290, label, () => ({
      legend: legend(series.map((one) => one.name)),
      grid: { left: 8, right: 12, top: 40, bottom: 30, containLabel: true },
      tooltip: tooltip((points) => `Layer ${points[0].axisValue}<br>` +
        points.map((point) => `${point.marker}${echarts.format.encodeHTML(point.seriesName)} <b>${fixed(point.value, digits)}</b>`).join("<br>"), "axis"),
      xAxis: layerAxis(),
      yAxis: valueAxis(fromOne ? aboveOne(series.flatMap((one) => one.values)) : {}),
      series: series.map((one) => ({
        name: one.name, type: "line", data: one.values, symbol: "circle", symbolSize: 7, showSymbol: data.layers.length <= 24, showAllSymbol: true, connectNulls: false,
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
    }));
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

  /** What the plan of the page is, for its footer. */
  function identity() {
    const traffic = data.traffic.value;
    if (!traffic || !traffic.identity.planId) return traffic ? "The plan was scored before version 0.3.0, so it has no id." : "";
    const plan = traffic.identity;
    const days = (from, to) => (from === to ? from : `${from} to ${to}`);
    return `Plan ${plan.planId}: cluster ${plan.cluster}, ${plural(plan.slots, "slot")} per layer, serving profile ${traffic.serving}` +
      (plan.plannedFrom ? `, planned on ${days(plan.plannedFrom, plan.plannedTo)}` : "") +
      `, scored on ${days(plan.scoredFrom, traffic.scoredDay)} by run ${traffic.runId}.`;
  }

  // ---- head

  function head() {
    const said = [];
    if (data.window.value) said.push(`Routing from ${span(data.window.value)}.`);
    const traces = data.traces.value;
    if (traces) {
      const counted = traces.countedSteps ? `${plural(traces.countedSteps, "counted step")}, in which engines only counted tokens of each expert` : "";
      const requests = traces.requests || !counted ? `${plural(traces.requests, "request")} with ${plural(traces.tokens, "token")}` : "";
      said.push(`${[requests, counted].filter(Boolean).join(" and ")}, from ${plural(traces.files, "file")}` +
        (traces.quarantined || traces.rejectedRequests
          ? `; ${plural(traces.quarantined, "file")} and ${plural(traces.rejectedRequests, "request")} in quarantine.` : "."));
    }
    said.push(`${plural(data.layers.length, "MoE layer")}, ${count(data.experts)} experts each, top-${data.topK}.`);
    if (data.traffic.value) {
      const scored = (data.traffic.value.plans.find((plan) => plan.all) || {}).all;
      said.push(`Plans scored on traces up to ${data.traffic.value.scoredDay}` +
        (data.traffic.value.serving ? ` under the serving profile ${data.traffic.value.serving}` : "") + (scored ? `, in ${plural(scored.microBatches, ...(countsOnly ? ["counted step"] : ["micro-batch", "micro-batches"]))}.` : "."));
    }
    if (data.placement.value) {
      const map = data.placement.value;
      said.push(`The map ${map.file} has ${count(map.slots)} slots per layer` +
        (map.replicated ? ` and ${plural(map.replicated, "replicated expert")} in total.` : " and no replicas.") +
        (map.planId ? ` It is plan ${map.planId}.` : "") +
        (map.serving ? ` It was planned for the serving profile ${map.serving}.` : ""));
    }
    say(document.getElementById("meta"), said.join(" "));
    say(document.getElementById("identity"), identity());
    const why = document.getElementById("why");
    if (data.why) say(why, data.why);
    else why.remove();
  }

  // ---- traffic

  const METRICS = [
    { key: "remoteNodesPerToken", title: "Remote nodes per token" },
    { key: "gpusPerToken", title: "GPUs per token" },
    { key: "gpuLoad", title: "Max/mean GPU load", even: true },
    { key: "nodeReceive", title: "Max/mean node receive", even: true },
    { key: "layerMicros", title: "Predicted layer time, \u00b5s" },
  ];
  const plans = data.traffic.value ? data.traffic.value.plans : [];
  const planOf = (name) => plans.find((plan) => plan.name === name);
  const before = planOf(data.traffic.value ? data.traffic.value.before : "linear");
  const after = planOf(data.traffic.value ? data.traffic.value.after : "sextant");
  const others = plans.filter((plan) => plan !== before && plan !== after);
  const called = (plan) => (plan.name === "current" ? "the map in force" : plan.name === "linear" ? "linear with as many slots" : plan.name);
  const countsOnly = after && after.all && after.all.remoteNodesPerToken == null;
  const planColour = (plan) => (plan === before ? "plan-linear" : plan === after ? "plan-sextant" : `plan-${1 + (others.indexOf(plan) % 4)}`);
  const figure = (plan, key) => (plan && plan.all ? plan.all[key] : null);
  const spanOf = (plan, key) => (plan && plan.all && plan.all.spans ? plan.all.spans[key] : null);
  const ends = (span, digits = 3) => (span ? `[${fixed(span.low, digits)}, ${fixed(span.high, digits)}]` : "");

  function tiles() {
    if (!before || !after) return;
    const holder = document.getElementById("tiles");
    filling = "traffic";
    for (const metric of METRICS) {
      const was = figure(before, metric.key);
      const now = figure(after, metric.key);
      if (was == null || now == null) continue;
      const percent = change(was, now);
      holder.append(element("div", { class: "tile" },
        element("p", { class: "name" }, metric.title),
        element("div", { class: "now" }, fixed(now), element("small", {}, ends(spanOf(after, metric.key)))),
        element("div", { class: "was" }, `before ${fixed(was)} `, element("span", { class: "ends" }, ends(spanOf(before, metric.key))), " ",
          element("span", { class: `change ${same(percent) ? "" : percent < 0 ? "better" : "worse"}` }, percent == null ? "" : signed(percent))),
        howLink(metric.title)));
    }
  }

  function bars(metric) {
    const shown = plans.filter((plan) => figure(plan, metric.key) != null);
    const names = 12 + widest(plans.map(called), 13);
    const said = shown.map((plan) => `${called(plan)} ${fixed(figure(plan, metric.key))} ${ends(spanOf(plan, metric.key))}`).join(", ");
    return titled(metric.title, chart(26 + 34 * shown.length, `${metric.title}: ${said || NA}`, () => ({
      grid: { left: names, right: 122, top: 4, bottom: 4 },
      tooltip: tooltip((point) => `${echarts.format.encodeHTML(point.name)} <b>${fixed(point.value, 4)}</b>`),
      xAxis: axis({ type: "value", min: 0, show: false }),
      yAxis: axis({ type: "category", inverse: true, data: shown.map(called), axisLine: { show: false }, axisLabel: { color: colours("ink"), fontSize: 13 } }),
      series: [{
        type: "bar", barWidth: 18,
        data: shown.map((plan) => {
          const percent = plan === before || !before ? null : change(figure(before, metric.key), figure(plan, metric.key));
          return { value: figure(plan, metric.key), itemStyle: { color: colours(planColour(plan)), borderRadius: [0, 3, 3, 0] },
            label: { formatter: `{v|${fixed(figure(plan, metric.key))}}${percent == null ? "" : `  {c|${signed(percent)}}`}` } };
        }),
        label: { show: true, position: "right", distance: 8,
          rich: { v: { color: colours("ink"), fontSize: 13, fontWeight: 600 }, c: { color: colours("muted"), fontSize: 12.5 } } },
      }, {
        // 95 % intervals, if there are any.
        type: "custom", silent: true, z: 3, encode: { x: [0, 1], y: 2 },
        data: shown.flatMap((plan, i) => {
          const span = spanOf(plan, metric.key);
          return span ? [[span.low, span.high, i]] : [];
        }),
        renderItem: (params, api) => {
          const [x1, y] = api.coord([api.value(0), api.value(2)]);
          const x2 = api.coord([api.value(1), api.value(2)])[0];
          const rod = (xa, ya, xb, yb) => ({ type: "line", shape: { x1: xa, y1: ya, x2: xb, y2: yb }, style: { stroke: colours("ink"), lineWidth: 1.4 } });
          return { type: "group", children: [rod(x1, y, x2, y), rod(x1, y - 4, x1, y + 4), rod(x2, y - 4, x2, y + 4)] };
        },
      }],
    })));
  }

  function traffic() {
    const here = place("traffic");
    if (!data.traffic.value) return here.missing(data.traffic.note);
    const described = others.filter((plan) => plan.all).map((plan) =>
      `${called(plan)} has ${fixed(figure(plan, "remoteNodesPerToken"))} and ${fixed(figure(plan, "gpuLoad"))}`);
    if (countsOnly && before && before.all) {
      here.find(`The max/mean GPU load is ${fixed(figure(after, "gpuLoad"))} instead of ${fixed(figure(before, "gpuLoad"))} under ${called(before)}. ` +
        "Traffic between nodes is not available, because the engines only counted tokens of each expert.");
    } else if (before && after && before.all && after.all) {
      here.find(`Sextant sends a token to ${fixed(figure(after, "remoteNodesPerToken"))} remote nodes on average, ${called(before)} to ` +
        `${fixed(figure(before, "remoteNodesPerToken"))}; the max/mean GPU load is ${fixed(figure(after, "gpuLoad"))} instead of ` +
        `${fixed(figure(before, "gpuLoad"))}` + (described.length ? `; ${described.join("; ")}.` : "."));
    } else {
      here.find(`${plural(plans.length, "plan")} scored: ${plans.map(called).join(", ")}.`);
    }
    here.add(element("div", { class: "pair" }, ...METRICS.filter((metric) => plans.some((plan) => figure(plan, metric.key) != null)).map(bars)));
    const withEnds = (plan, key, digits = 4) => `${fixed(figure(plan, key), digits)} ${ends(spanOf(plan, key), digits)}`.trim();
    here.add(table("Every plan over all layers, with 95 % intervals. Lower is better in every column; the minimum of a max/mean is 1.",
      ["Plan", "Remote nodes per token", before ? `against ${called(before)}` : "against none", ...METRICS.slice(1).map((metric) => metric.title), "Activated experts per GPU", "Moved from the map in force, MB", "Tokens scored, all layers"],
      plans.map((plan) => {
        const percent = plan === before || !before ? null : change(figure(before, "remoteNodesPerToken"), figure(plan, "remoteNodesPerToken"));
        const moved = figure(plan, "movedBytes");
        return [called(plan), withEnds(plan, "remoteNodesPerToken"), percent == null ? "" : signed(percent),
          ...METRICS.slice(1).map((metric) => withEnds(plan, metric.key, metric.key === "layerMicros" ? 2 : 4)),
          fixed(figure(plan, "activatedExperts"), 2), moved == null ? NA : fixed(moved / 1e6, 1), plan.all ? count(plan.all.tokens) : NA];
      }), (row) => after && row[0] === called(after)));
    if (!countsOnly && plans.some((plan) => plan.byLayer.some(Boolean))) {
      here.add(titled("Remote nodes per token, by layer", byLayer("Remote nodes per token by layer and plan; the table below has the figures",
        plans.map((plan) => ({ name: called(plan), colour: planColour(plan), strong: plan === after, dashed: plan === before,
          values: plan.byLayer.map((score) => (score ? score.remoteNodesPerToken : null)) })))));
      here.add(folded(() => [layerTable("Remote nodes per token by layer", "remoteNodesPerToken")]));
    }
  }

  function layerTable(caption, key) {
    return table(caption, ["Layer", ...plans.map(called)],
      layerNames.map((layer, i) => [layer, ...plans.map((plan) => fixed(plan.byLayer[i] ? plan.byLayer[i][key] : null, 4))]));
  }

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
      element("div", { class: "pair" }, ...pair.map((plan, i) => titled(plan === after ? `After: ${called(after)}` : `Before: ${called(plan)}`,
        matrix(`Tokens from node to node under ${called(plan)}; the table below has the figures`, names, percents[i], 1,
          (from, to, value) => `${from} to ${to}<br><b>${fixed(value, 2)} %</b> of the tokens`, range).figure))),
      folded(() => [table("Tokens sent from node to node, all layers; a token counts once per node", ["From", "To", ...links.flatMap((one) => [called({ name: one.plan }), "% of tokens"])],
        names.flatMap((from, a) => names.flatMap((to, b) => (a === b ? [] : [[from, to, ...links.flatMap((one) => {
          const scored = planOf(one.plan);
          return [count(one.tokens[a][b]), scored && scored.all ? fixed((100 * one.tokens[a][b]) / scored.all.tokens, 2) : NA];
        })]]))))]));
  }

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
        series: [{ type: "bar", barMaxWidth: 30, itemStyle: { color: colours("plan-sextant") }, data: value.layers.map((layer) => megabytes(layer.copiedBytes)) }],
      }))),
      titled("From the row's node to the column's, MB", names.length > 1 ? matrix("Megabytes of weights from node to node; the table below has the figures", names, flows, 1,
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
    const views = [{ name: "By layer", rows: layerNames, of: (layer, phase) => ratios(phases[phase][1]), title: "MoE layer" }];
    if (value.byDomain.length > 1) {
      const domainShares = value.byDomain.map((domain) => shares(domain.percent));
      views.push({ name: "By domain", rows: value.byDomain.map((domain) => domain.name), of: (layer) => domainShares.map((one) => one[layer]), title: "", layers: true });
    }
    if (phases.length > 1) {
      views.push({ name: "By phase", rows: phases.slice(1).map(([name]) => name), of: (layer) => phases.slice(1).map(([, tokens]) => ratios(tokens)[layer]), title: "", layers: true });
    }
    for (const view of views) {
      let [layer, phase] = [0, 0];
      const rows = view.rows;
      const margin = 14 + widest(rows, 12) + (view.title ? 18 : 0);
      const rowHeight = Math.max(9, Math.min(34, Math.floor(620 / rows.length)));
      const label = `Load of ${view.layers ? "each expert of a layer" : "every expert"} ${view.name.toLowerCase()} as a heat map; the tables below have the figures`;
      const figure = chart(52 + rowHeight * rows.length, label, () => {
        const shown = view.of(layer, phase);
        const cells = [];
        shown.forEach((row, r) => row.forEach((ratio, e) => {
          cells.push([e, r, ratio > 0 ? Math.max(-limit, Math.min(limit, Math.log2(ratio))) : -limit]);
        }));
        return {
          grid: { left: margin, right: 6, top: 4, bottom: 44 },
          tooltip: tooltip((point) => {
            const [e, r] = point.value;
            const where = view.layers ? `Layer ${layerNames[layer]}, ${echarts.format.encodeHTML(rows[r])}` : `Layer ${rows[r]}`;
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
      });
      const again = () => draw(charts.find((one) => one.box === figure.firstChild));
      const bar = element("div", { class: "bar" });
      if (view.layers) {
        bar.append(choice(`MoE layer shown ${view.name.toLowerCase()}`, layerNames.map((name) => `Layer ${name}`), (i) => { layer = i; again(); }));
      } else if (phases.length > 1) {
        bar.append(choice("Phase shown", phases.map(([name]) => name), (i) => { phase = i; again(); }));
      } else {
        bar.append(element("span", { class: "scale" }, phases[0][0] === UNPHASED ? "The source does not tell prefill from decode." : `${phases[0][0]} only: the traces have no ${value.prefill ? "decode" : "prefill"} rows.`));
      }
      bar.append(scale("diverging", `\u2264 ${fixed(2 ** -limit, 2)}\u00d7 the mean`, `\u2265 ${fixed(2 ** limit, 2)}\u00d7`));
      here.add(titled(view.name, bar, figure));
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
    let layer = -1;
    const figure = chart(420, "Load of each expert in prefill against decode as a scatter; the table below has the figures", () => ({
      grid: { left: 20, right: 20, top: 12, bottom: 34, containLabel: true },
      tooltip: tooltip((point) => `Layer ${layerNames[point.value[3]]}, expert ${point.value[2]}<br>prefill <b>${times(point.value[0])}</b>, decode <b>${times(point.value[1])}</b> the mean`),
      xAxis: axis({ type: "value", min: 0, max: top, name: "Prefill, times the mean", nameLocation: "middle", nameGap: 28 }),
      yAxis: axis({ type: "value", min: 0, max: top, name: "Decode, times the mean", nameLocation: "middle", nameGap: 34 }),
      series: [
        { type: "line", data: [[0, 0], [top, top]], symbol: "none", silent: true, lineStyle: { color: colours("muted"), type: [5, 4], width: 1.2 } },
        { type: "scatter", symbolSize: layer < 0 ? 5 : 8, itemStyle: { color: colours("accent"), opacity: 0.7 }, data: layer < 0 ? points.flat() : points[layer] },
      ],
    }));
    here.add(element("div", { class: "bar" }, choice("MoE layer of the scatter", ["All layers", ...layerNames.map((name) => `Layer ${name}`)], (i) => {
      layer = i - 1;
      draw(charts.find((one) => one.box === figure.firstChild));
    })), figure, folded(() => [table("Tokens of each expert in prefill and in decode", ["Layer", "Expert", "Prefill tokens", "times the mean", "Decode tokens", "times its mean"],
      points.flatMap((ofLayer, l) => ofLayer.map(([x, y, e]) => [layerNames[l], String(e), count(prefill[l][e]), fixed(x, 3), count(decode[l][e]), fixed(y, 3)])))]));
  }

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
          { type: "circle", shape: { cx: x, cy: y, r: 4.2 }, style: { fill: filled ? colours(colour) : colours("surface"), stroke: colours(colour), lineWidth: 1.8 } }] };
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
    here.add(chart(300, "Correlation of prefill and decode by layer with 95 % intervals; the table below has the figures", () => ({
      legend: { ...legend(["Pearson", "Spearman (ranks)"]), icon: "circle", itemWidth: 9 },
      grid: { left: 8, right: 12, top: 40, bottom: 30, containLabel: true },
      tooltip: tooltip((point) => {
        const [i, one, from, to] = point.value;
        return `Layer ${layerNames[i]}<br>${echarts.format.encodeHTML(point.seriesName)} <b>${fixed(one)}</b><br>${fixed(from)} to ${fixed(to)}`;
      }),
      xAxis: layerAxis(),
      yAxis: valueAxis({ min: Math.max(-1, Math.floor(10 * low - 0.5) / 10), max: Math.min(1, Math.ceil(10 * high + 0.5) / 10) }),
      series: [intervals("Pearson", "accent", value.pearson, -apart, true), intervals("Spearman (ranks)", "muted", value.spearman, apart, false)],
    })));
    const cells = (one) => (one ? [fixed(one.value), one.low == null ? NA : `${fixed(one.low)} to ${fixed(one.high)}`] : [NA, NA]);
    const tables = [() => table("Correlation by layer, mean over requests", ["Layer", "Pearson", "95 % interval", "Spearman", "95 % interval", "n"],
      layerNames.map((layer, i) => [layer, ...cells(value.pearson[i]), ...cells(value.spearman[i]), value.pearson[i] ? count(value.pearson[i].n) : NA]))];
    if (value.byDomain.length) {
      tables.push(() => table("Pearson of each domain: the counts of all its requests together, mean over the layers", ["Domain", "Pearson", "95 % interval", "layers"],
        value.byDomain.map(({ name, estimate }) => [name, ...cells(estimate), count(estimate.n)])));
    }
    here.add(folded(() => tables.map((make) => make())));
  }

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
    here.add(element("div", { class: "bar" }, scale("sequential", fixed(made.low, 2), fixed(made.high, 2), "cosine")), made.figure,
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
    here.add(element("div", { class: "bar" }, scale("sequential", `${fixed(made.low, 1)} %`, `${fixed(made.high, 1)} %`, `of the tokens${sameYear ? `, days of ${value.days[0].slice(0, 4)}` : ""}`)), made.figure,
      folded(() => [triangle("Total variation, % of the tokens", value.days, percent, 2), triangle("Jensen-Shannon divergence, bits", value.days, value.jensenShannon, 4)]));
  }

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
    const holder = element("div", { class: "cluster" });
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
    let layerShown = 0;
    redraws.push(() => show(layerShown));
    here.add(element("div", { class: "bar" },
      choice("MoE layer shown", layerNames.map((name) => `Layer ${name}`), (layer) => { layerShown = layer; show(layer); }),
      scale("sequential", "0", "2 and more", "load of a copy divided by the mean of the layer")), holder);
    here.add(howLink("placement of every expert"), folded(() => [table("Slots of the map", ["Layer", "Node", "GPU", "Slot", "Expert", "Copies"],
      value.experts.flatMap((gpus, layer) => {
        const times = copies(layer);
        return gpus.flatMap((slots, gpu) => slots.map((expert, slot) =>
          [layerNames[layer], String(Math.floor(gpu / perNode)), String(gpu), String(slot), String(expert), String(times[expert])]));
      }))]));
  }

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
    if (products.length <= 60) {
      const shades = ["plan-1", "plan-2", "plan-3", "plan-4"];
      here.add(chart(320, "Predicted error of every product and recipe; the table below has the figures", () => ({
        legend: legend([...recipes, "N(0,1)"]),
        grid: { left: 8, right: 12, top: 40, bottom: 10, containLabel: true },
        tooltip: tooltip((points) => `${echarts.format.encodeHTML(points[0].axisValue)}<br>` +
          points.map((point) => `${point.marker}${point.seriesName} <b>${fixed(point.value, 4)}</b>`).join("<br>"), "axis"),
        xAxis: axis({ type: "category", data: names, splitLine: { show: false }, axisLabel: { color: colours("muted"), fontSize: 11, rotate: 45, hideOverlap: true } }),
        yAxis: axis({ type: "value", min: 0, axisLine: { show: false } }),
        series: [...recipes.map((recipe, i) => ({ name: recipe, type: "scatter", symbolSize: 8, data: products.map((one) => one.errors[recipe]), itemStyle: { color: colours(shades[i % 4]) } })),
          { name: "N(0,1)", type: "line", symbol: "none", data: products.map((one) => one.gaussian), lineStyle: { color: colours("muted"), type: [5, 4] }, itemStyle: { color: colours("muted") } }],
      })));
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

  head();
  tiles();
  traffic();
  balance();
  nodes();
  clusterMap();
  moves();
  load();
  scatter();
  correlation();
  domains();
  drift();
  precision();
  kernels();
  drawAll();

  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth !== width) {
      width = window.innerWidth;
      charts.forEach((one) => one.drawn.resize());
    }
  });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  // Print on white in a dark colour scheme too.
  window.addEventListener("beforeprint", () => { document.documentElement.classList.add("paper"); drawAll(); });
  window.addEventListener("afterprint", () => { document.documentElement.classList.remove("paper"); drawAll(); });
})();
