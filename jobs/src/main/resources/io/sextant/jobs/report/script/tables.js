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
  // A spreadsheet would run a text that begins like a formula, such as a domain of that name.
  const harmless = (text) => (/^[=+\-@\t\r]/.test(text) && sortKey(text) === null ? "'" + text : text);
  const quoted = (cell) => `"${harmless(String(cell)).replace(/"/g, '""')}"`;
  const text = [heads, ...rows].map((row) => row.map(quoted).join(",")).join("\r\n");
  const link = element("a", { href: URL.createObjectURL(new Blob([text], { type: "text/csv" })),
    download: caption.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60) + ".csv" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 0);
}

/** Id of the section that is being filled: what is made now was computed as its paragraph says. */
let filling = "";

/** To the entry that says how a figure was computed. */
const howLink = (of) => element("a", { class: "how-link", href: `#how-${filling}`, "aria-label": `How it was computed: ${of}` }, "How it was computed");

// ---- what scrolls, and says so

const scrolled = new ResizeObserver((entries) => entries.forEach((entry) => {
  const box = entry.target.classList.contains("scroll") ? entry.target : entry.target.parentElement;
  const ways = [box.scrollWidth > box.clientWidth + 1 ? "sideways" : "", box.scrollHeight > box.clientHeight + 1 ? "down" : ""].filter(Boolean);
  box.nextElementSibling.textContent = ways.length ? `Scrolls ${ways.join(" and ")} for more.` : "";
}));

/** A box that scrolls if its content is larger than it is, with a line below it that says so. */
function scrolling(label, content) {
  const box = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, content);
  scrolled.observe(box);
  scrolled.observe(content);
  return [box, element("p", { class: "scrolls" })];
}

/** The mark of a plan in its colour; empty if the text names no plan. */
function swatch(text) {
  const plan = plans.find((one) => called(one) === text);
  return plan ? [element("i", { class: "swatch", style: `background: var(--${planColour(plan)})` })] : [];
}

const ROWS_WITHOUT_FILTER = 12;

/**
 * A table whose first column heads its rows; numbers in `rows` are formatted already. A head sorts, long tables have a
 * filter, and all can be downloaded. A table with a row per layer has only the rows of the layer that is chosen.
 */
function table(caption, heads, rows, marked = () => false) {
  const body = element("tbody");
  const filter = element("input", { type: "search", placeholder: "Filter rows", "aria-label": `Filter: ${caption}` });
  let order = { column: -1, falling: false };
  const byLayers = heads[0] === "Layer";
  const shown = () => {
    const wanted = filter.value.trim().toLowerCase();
    const ofLayer = byLayers && layerShown >= 0 ? rows.filter((row) => row[0] === layerNames[layerShown]) : rows;
    const kept = ofLayer.filter((row) => !wanted || row.some((cell) => String(cell).toLowerCase().includes(wanted)));
    if (order.column < 0) return kept;
    const turn = order.falling ? -1 : 1;
    return [...kept].sort((a, b) => {
      const [x, y] = [sortKey(a[order.column]), sortKey(b[order.column])];
      return turn * (x != null && y != null ? x - y : String(a[order.column]).localeCompare(String(b[order.column])));
    });
  };
  const fill = () => body.replaceChildren(...shown().map((row) =>
    element("tr", marked(row) ? { class: "ours" } : {}, ...row.map((cell, i) =>
      i === 0 ? element("th", { scope: "row" }, ...swatch(cell), cell) : element("td", cell === NA ? { class: "none" } : {}, cell)))));
  const headCells = heads.map((head, i) => {
    const button = element("button", { type: "button" }, ...swatch(head), head);
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
  if (byLayers) redraws.push(fill);
  const made = element("table", {}, element("caption", {}, element("span", {}, caption)), element("thead", {}, element("tr", {}, ...headCells)), body);
  return element("div", { class: "tabled" },
    element("div", { class: "tools" }, ...(rows.length > ROWS_WITHOUT_FILTER ? [filter] : []), download, howLink(caption)),
    ...scrolling(caption, made));
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
