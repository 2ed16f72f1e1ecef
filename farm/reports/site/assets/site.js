// Charts in the colours of the style sheet, and tables that sort. Nothing is fetched.
"use strict";

const CHARTS = [];
const PAPER_WIDTH = 650;
const PAPER_HEIGHT = 760;
const CONFIG = { displaylogo: false, responsive: true, displayModeBar: "hover", modeBarButtons: [["toImage", "zoom2d", "pan2d", "resetScale2d"]] };

const DAY = 86400000;

// A chart's lists stand in its `lists`, each once and short (`packing.py`); `#3` means the fourth.
function unpacked(list) {
  if (Array.isArray(list)) return list;
  if (list.of) return list.at.map((place) => list.of[place]);
  const days = [list.from];
  let at = Date.parse(list.from);
  for (let n = 0; n < list.steps.length; n += 2) {
    for (let times = list.steps[n + 1]; times > 0; times -= 1) {
      at += list.steps[n] * DAY;
      days.push(new Date(at).toISOString().slice(0, 10));
    }
  }
  return days;
}

function whole(spec) {
  const lists = spec.lists.map(unpacked);
  const filled = ([key, value]) => [key, typeof value === "string" && /^#\d+$/.test(value) ? lists[Number(value.slice(1))] : value];
  return { traces: spec.traces.map((trace) => Object.fromEntries(Object.entries(trace).map(filled))), layout: spec.layout };
}

function coloured(value, style) {
  if (typeof value === "string") return value.includes("--") ? value.replace(/--[a-z]+[\w-]*/g, (name) => style.getPropertyValue(name).trim()) : value;
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
    margin: { l: narrow ? 36 : 52, r: narrow ? 8 : 16, t: 10, b: 30 }, separators: ".,", showlegend: false,
    hovermode: "closest", hoverlabel: { bgcolor: "--card", bordercolor: "--rule", font: { color: "--ink" } },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: "--rule", activecolor: "--accent" },
  };
  const layout = merged(base, { ...chart.spec.layout, showlegend: false });
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

// What a chart's colours mean; a click hides or shows what has that name.
function keyOfColours(chart) {
  const { traces, layout } = chart.spec;
  const entries = new Map();
  for (const trace of traces) {
    for (const [name, colour] of Object.entries(trace.meta?.key || {})) entries.set(name, { colour, traces: [] });
    if (!trace.name || trace.showlegend === false || layout.showlegend === false) continue;
    if (!entries.has(trace.name)) {
      const looks = trace.type === "bar" || trace.stackgroup ? "" : trace.mode === "markers" ? "dot" : "line";
      entries.set(trace.name, { colour: (trace.type === "bar" || looks === "dot" ? trace.marker : trace.line).color, looks, traces: [] });
    }
    entries.get(trace.name).traces.push(trace);
  }
  if (entries.size < 2) return;
  const list = document.createElement("ul");
  list.className = "key";
  for (const [name, entry] of entries) {
    const item = document.createElement("li");
    const label = document.createElement(entry.traces.length ? "button" : "span");
    const swatch = document.createElement("i");
    swatch.style.background = `var(${entry.colour})`;
    label.append(swatch, name);
    item.className = entry.looks || "";
    item.append(label);
    list.append(item);
    if (!entry.traces.length) continue;
    Object.assign(label, { type: "button", ariaPressed: "true" });
    label.addEventListener("click", () => {
      const shown = label.ariaPressed !== "true";
      label.ariaPressed = String(shown);
      for (const trace of entry.traces) trace.visible = shown;
      draw(chart);
    });
  }
  chart.place.before(list);
}

// A page of paper is as wide as it is: what is higher than the page is drawn smaller.
function onPaper(yes) {
  document.documentElement.classList.toggle("on-paper", yes);
  for (const chart of CHARTS) {
    const { height } = chart.spec.layout;
    const zoom = yes ? Math.min(1, PAPER_HEIGHT / height) : 1;
    chart.place.style.zoom = zoom === 1 ? "" : zoom;
    draw(chart, yes ? { width: PAPER_WIDTH / zoom, height, autosize: false } : {});
  }
}

function keyOf(cell, isNumber) {
  const said = cell.textContent.trim();
  if (said === "" || said === "–") return null;
  return isNumber ? Number(said.replaceAll(",", "").replace("−", "-")) : said;
}

function sortBy(table, index, head) {
  const falling = head.getAttribute("aria-sort") === "ascending";
  const rows = [...table.tBodies[0].rows].map((row) => [keyOf(row.cells[index], head.classList.contains("n")), row]);
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
  document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  for (const place of document.querySelectorAll(".chart")) {
    const chart = { place, spec: whole(JSON.parse(place.firstElementChild.textContent)) };
    place.replaceChildren();
    CHARTS.push(chart);
    keyOfColours(chart);
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
