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
