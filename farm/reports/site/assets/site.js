// Charts in the colours of the style sheet, and tables that sort. Nothing is fetched.
"use strict";

const CHARTS = [];
const PAPER_WIDTH = 690;
const PAPER_HEIGHT = 820;
const CONFIG = { displaylogo: false, responsive: true, displayModeBar: "hover", modeBarButtons: [["toImage", "zoom2d", "pan2d", "resetScale2d"]] };

// Lists that a chart has more than once stand in its `lists`; a string `#3` means the fourth.
function whole(spec) {
  const filled = (value) => {
    if (typeof value === "string" && value.startsWith("#")) return spec.lists[Number(value.slice(1))];
    if (Array.isArray(value)) return value;
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one)]));
  };
  return { traces: spec.traces.map(filled), layout: spec.layout };
}

function coloured(value, style) {
  if (typeof value === "string") return value.startsWith("--") ? style.getPropertyValue(value).trim() : value;
  if (Array.isArray(value)) return value.map((one) => coloured(one, style));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, coloured(one, style)]));
}

function merged(base, over) {
  const made = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const both = value && made[key] && typeof value === "object" && !Array.isArray(value) && typeof made[key] === "object";
    made[key] = both ? merged(made[key], value) : value;
  }
  return made;
}

function layoutOf(chart, style) {
  const axis = { gridcolor: "--grid", linecolor: "--rule", zerolinecolor: "--rule", automargin: true, separatethousands: true, exponentformat: "none", title: { standoff: 10 } };
  const narrow = chart.place.clientWidth < 560;
  const base = {
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", autosize: true,
    font: { family: getComputedStyle(document.body).fontFamily, size: narrow ? 11 : 12, color: "--soft" },
    margin: { l: narrow ? 36 : 52, r: narrow ? 8 : 16, t: 12, b: 36 }, separators: ".,",
    legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", traceorder: "normal" },
    hovermode: "closest", hoverlabel: { bgcolor: "--card", bordercolor: "--rule", font: { color: "--ink" } },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: "--rule", activecolor: "--accent" },
  };
  const layout = merged(base, chart.spec.layout);
  for (const key of new Set([...Object.keys(layout), "xaxis", "yaxis"])) {
    if (/^[xy]axis\d*$/.test(key)) layout[key] = merged(axis, layout[key] || {});
  }
  return coloured(layout, style);
}

function draw(chart, how = {}) {
  const style = getComputedStyle(document.documentElement);
  const layout = { ...layoutOf(chart, style), ...how };
  return Plotly.react(chart.place, coloured(chart.spec.traces, style), layout, CONFIG);
}

function onPaper(yes) {
  document.documentElement.classList.toggle("on-paper", yes);
  for (const chart of CHARTS) {
    const height = Math.min(chart.spec.layout.height, yes ? PAPER_HEIGHT : Infinity);
    chart.place.style.height = `${height}px`;
    draw(chart, yes ? { width: PAPER_WIDTH, height, autosize: false } : {});
  }
}

function keyOf(cell) {
  const said = cell.textContent.trim();
  if (said === "" || said === "–") return null;
  return cell.classList.contains("n") ? Number(said.replaceAll(",", "").replace("−", "-")) : said;
}

function sortBy(table, index, head) {
  const falling = head.getAttribute("aria-sort") === "ascending";
  const rows = [...table.tBodies[0].rows].map((row) => [keyOf(row.cells[index]), row]);
  rows.sort(([a], [b]) => {
    if (a === null || b === null) return (a === null) - (b === null);
    const order = typeof a === "number" ? a - b : a.localeCompare(b, "en", { numeric: true });
    return falling ? -order : order;
  });
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", falling ? "descending" : "ascending");
  table.tBodies[0].append(...rows.map(([, row]) => row));
}

function filterOf(table) {
  const field = document.createElement("input");
  Object.assign(field, { type: "search", className: "filter", placeholder: "Filter rows", ariaLabel: "Filter rows" });
  field.addEventListener("input", () => {
    const wanted = field.value.toLowerCase();
    for (const row of table.tBodies[0].rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });
  return field;
}

document.addEventListener("DOMContentLoaded", () => {
  for (const place of document.querySelectorAll(".chart")) {
    const chart = { place, spec: whole(JSON.parse(place.firstElementChild.textContent)) };
    place.replaceChildren();
    CHARTS.push(chart);
    draw(chart);
  }
  for (const table of document.querySelectorAll("table")) {
    [...table.tHead.rows[0].cells].forEach((head, index) =>
      head.firstElementChild.addEventListener("click", () => sortBy(table, index, head)));
    if (table.tBodies[0].rows.length > 24) table.parentElement.before(filterOf(table));
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => CHARTS.forEach((chart) => draw(chart)));
  addEventListener("beforeprint", () => onPaper(true));
  addEventListener("afterprint", () => onPaper(false));
});
