"use strict";
(function () {
  const D = JSON.parse(document.getElementById("data").textContent);
  const T = D.text;
  const config = { responsive: true, displaylogo: false, displayModeBar: true, modeBarButtons: [["toImage", "resetScale2d"]] };
  const font = { family: 'system-ui, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif', size: 12, color: "#1a1a1a" };
  // Okabe and Ito (2008).
  const COLOURS = ["#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9"];
  const byId = (id) => document.getElementById(id);

  function years(chosen) {
    const list = D.cases[chosen].years;
    byId("year").replaceChildren(...list.map((year) => Object.assign(document.createElement("option"), { value: year, textContent: year, selected: year === list[list.length - 1] })));
  }
  // Small steps count together, so that what is shown still adds up.
  const SHOWN = 5e-4, MOST = 6;
  function withOthers(all, line, kept) {
    const rest = all.filter((step) => !kept(step));
    const out = all.filter(kept);
    const moved = rest.filter((step) => step.effect[line].some((value) => value !== 0));
    if (!moved.length) return out;
    const sum = moved[0].effect[line].map((_, n) => moved.reduce((total, step) => total + step.effect[line][n], 0));
    return [...out, { name: T.comparison.others.replace("{n}", moved.length), effect: { [line]: sum } }];
  }
  function draw() {
    const found = D.cases[Number(byId("case").value)], line = byId("line").value, year = Number(byId("year").value);
    const at = found.years.indexOf(year);
    const size = (step) => Math.max(...step.effect[line].map(Math.abs));
    const steps = withOthers(found.steps, line, (step) => size(step) >= SHOWN);
    const labels = ["A", ...steps.map((step) => step.name), "B"];
    const values = [found.cost_a[line][at], ...steps.map((step) => step.effect[line][at]), found.cost_b[line][at]];
    const height = 120 + 30 * labels.length;
    const levels = values.slice(0, -1).map((_, n) => values.slice(0, n + 1).reduce((a, b) => a + b, 0));
    const low = Math.min(...levels), high = Math.max(...levels), pad = 0.35 * (high - low);
    // Small steps on a large cost would be hairlines on an axis that begins at 0.
    const cut = high > low && high - low < 0.3 * high && low - pad > 0;
    byId("fig-waterfall-title").textContent = D.lines[line] + ", " + year + ": " + found.name;
    byId("fig-waterfall-unit").textContent = T.percent + (cut ? ". " + T.comparison.cut : "");
    Plotly.react("fig-waterfall", [{
      type: "waterfall", orientation: "h", y: labels, x: values, measure: ["absolute", ...steps.map(() => "relative"), "total"],
      text: values.map((value, n) => (n === 0 || n === labels.length - 1 ? value.toFixed(4) : (value >= 0 ? "+" : "") + value.toFixed(4))), textposition: "outside", cliponaxis: false,
      increasing: { marker: { color: "#D55E00" } }, decreasing: { marker: { color: "#0072B2" } }, totals: { marker: { color: "#555" } },
      connector: { line: { color: "#999", width: 1 } }, hoverinfo: "y+text",
    }], { height: height, font: font, margin: { l: 20, r: 70, t: 30, b: 40 }, yaxis: { autorange: "reversed", automargin: true, type: "category" }, xaxis: { gridcolor: "#e4e4e4", zerolinecolor: "#888", range: cut ? [low - pad, high + pad] : undefined }, showlegend: false }, config);
    byId("fig-years-title").textContent = T.comparison.change + ": " + D.lines[line] + ", " + found.name;
    byId("fig-years-unit").textContent = T.table.points;
    const ranked = [...found.steps].sort((a, b) => size(b) - size(a)).slice(0, MOST);
    const largest = withOthers(found.steps, line, (step) => ranked.includes(step) && size(step) > 0);
    Plotly.react("fig-years", largest.map((step, n) => ({ type: "bar", name: step.name, x: found.years, y: step.effect[line], marker: { color: n < MOST ? COLOURS[n] : "#777" }, hovertemplate: "%{y:+.4f}" })),
      { height: 380 + 20 * largest.length, barmode: "relative", font: font, hovermode: "x unified", margin: { l: 50, r: 20, t: 30, b: 60 + 20 * largest.length }, xaxis: { tickformat: "d" }, yaxis: { gridcolor: "#e4e4e4", zerolinecolor: "#888", automargin: true }, legend: { orientation: "h", x: 0, y: -0.14, yanchor: "top" }, showlegend: true }, config);
  }
  byId("case").addEventListener("change", () => { years(Number(byId("case").value)); draw(); });
  byId("line").addEventListener("change", draw);
  byId("year").addEventListener("change", draw);
  years(0);
  draw();
  document.documentElement.dataset.ready = "true";
})();
