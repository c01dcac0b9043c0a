"use strict";
(function () {
  const D = JSON.parse(document.getElementById("data").textContent);
  const T = D.text;
  const { COLOURS, draw: drawFigure, fill, short } = Draw;
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
    const low = Math.min(...levels), high = Math.max(...levels), narrow = document.documentElement.clientWidth < 760, pad = (narrow ? 0.8 : 0.35) * (high - low);
    // Small steps on a large cost would be hairlines on an axis that begins at 0.
    const cut = high > low && high - low < 0.3 * high && low - pad > 0;
    const change = values[values.length - 1] - values[0], most = [...steps].sort((a, b) => Math.abs(b.effect[line][at]) - Math.abs(a.effect[line][at]))[0];
    const signed = (value) => (value >= 0 ? "+" : "") + value.toFixed(3);
    const title = most ? fill(T.comparison.finding, { change: signed(change), year: year, name: most.name, value: signed(most.effect[line][at]) }) : T.comparison.none;
    const about = D.lines[line] + ", " + year + ": " + found.name + ", " + T.percent + (cut ? ". " + T.comparison.cut : "");
    drawFigure("fig-waterfall", title, about, [{
      type: "waterfall", orientation: "h", y: labels, x: values, measure: ["absolute", ...steps.map(() => "relative"), "total"],
      text: values.map((value, n) => (n === 0 || n === labels.length - 1 ? value.toFixed(4) : (value >= 0 ? "+" : "") + value.toFixed(4))), textposition: "outside", cliponaxis: false,
      increasing: { marker: { color: "#D55E00" } }, decreasing: { marker: { color: "#0072B2" } }, totals: { marker: { color: "#555" } },
      connector: { line: { color: "#999", width: 1 } }, hoverinfo: "y+text", showlegend: false,
    }], { plotHeight: height - 80, hovermode: "closest", yaxis: { autorange: "reversed", automargin: true, type: "category" }, xaxis: { gridcolor: "#e4e4e4", zerolinecolor: "#888", range: cut ? [low - pad, high + 1.6 * pad] : [Math.min(0, (narrow ? 1.8 : 1.3) * low), Math.max(0, (narrow ? 1.8 : 1.3) * high)] } });
    const ranked = [...found.steps].sort((a, b) => size(b) - size(a)).slice(0, MOST);
    const largest = withOthers(found.steps, line, (step) => ranked.includes(step) && size(step) > 0);
    const last = found.years.length - 1, gap = found.cost_b[line].map((value, n) => value - found.cost_a[line][n]);
    const far = gap.reduce((a, _, n) => Math.abs(gap[n]) > Math.abs(gap[a]) ? n : a, last);
    Draw.over([found.years[0] - 0.5, found.years[last] + 0.5]);
    drawFigure("fig-years", fill(T.comparison.finding_years, { value: signed(gap[far]), year: found.years[far] }), T.comparison.change + ": " + D.lines[line] + ", " + found.name + ". " + T.table.points, largest.map((step, n) => ({ type: "bar", name: step.name, x: found.years, y: step.effect[line], marker: { color: n < MOST ? COLOURS[n] : "#777" }, hovertemplate: "%{y:+.4f}" })),
      { barmode: "relative" });
    for (const group of found.holders || []) {
      const gains = group.gain.map((values) => values[at]), top = gains.reduce((a, value, n) => Math.abs(value) > Math.abs(gains[a]) ? n : a, 0);
      Draw.record({
        key: "fig-" + group.kind, title: fill(T.comparison.finding_holders, { name: group.names[top], value: signed(gains[top]), year: year }),
        subject: T.component.acquired_rights + ", " + found.name, unit: T.change.points, x_unit: "", from_zero: false, mark: 0,
        traces: [{ name: "", mode: "bar", x: gains, y: group.names, base: gains.map(() => 0), colour: COLOURS[0], dash: "solid", width: 2, text: gains.map(signed) }],
      });
    }
  }
  byId("case").addEventListener("change", () => { years(Number(byId("case").value)); draw(); });
  byId("line").addEventListener("change", draw);
  byId("year").addEventListener("change", draw);
  years(0);
  Draw.whenever(draw);
  document.documentElement.dataset.ready = "true";
})();
