"use strict";
// What all pages share: colours, layout, drawing on screen and paper, and figures given as records.
const Draw = (function () {
  let years;
  // Okabe and Ito (2008): told apart with every common form of colour blindness; yellow is left out on white.
  const COLOURS = ["#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9", "#000000"];
  const AREAS = ["#00375e", "#7d4596", "#d9701a", "#6cbdea", "#f2e75c"];
  const DASHES = ["solid", "dash", "dot", "dashdot"];
  // Cividis: even steps of lightness, for ordered groups.
  const SEQUENCE = ["#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838"];
  const config = { responsive: true, displaylogo: false, displayModeBar: true, modeBarButtons: [["toImage", "resetScale2d"]] };
  const TOP = 30, ROW = 20;
  // A sheet of A4 is narrower than a screen, and two figures share a page.
  const SHEET = 690;
  let printing = false, fresh = true;

  function spread(n) {
    const out = [];
    for (let i = 0; i < n; i++) {
      const x = n === 1 ? 0 : (i * (SEQUENCE.length - 1)) / (n - 1);
      const a = SEQUENCE[Math.floor(x)], b = SEQUENCE[Math.min(SEQUENCE.length - 1, Math.floor(x) + 1)], f = x - Math.floor(x);
      const mix = (k) => Math.round(parseInt(a.slice(k, k + 2), 16) * (1 - f) + parseInt(b.slice(k, k + 2), 16) * f);
      out.push("rgb(" + mix(1) + "," + mix(3) + "," + mix(5) + ")");
    }
    return out;
  }
  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
  }
  // Room below the axis for the legend: rows of entries as wide as the longest name.
  function legendRows(width, traces) {
    const shown = traces.filter((trace) => trace.showlegend !== false);
    const widest = Math.max(1, ...shown.map((trace) => trace.name.length)) * 7.4 + 48;
    return Math.ceil(shown.length / Math.max(1, Math.floor((width - 60) / widest)));
  }
  function layout(width, traces, more) {
    const narrow = document.documentElement.clientWidth < 760;
    const { plotHeight, below, ...other } = more || {};
    const rows = legendRows(width, traces), PLOT = Math.round((plotHeight || 290) * (printing ? 0.7 : 1)), BOTTOM = 46 + (below || 0);
    return Object.assign({
      width: printing ? width : undefined,
      autosize: !printing,
      height: TOP + PLOT + BOTTOM + rows * ROW,
      margin: { l: 48, r: 26, t: TOP, b: BOTTOM + rows * ROW },
      font: { family: 'system-ui, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif', size: narrow ? 12 : 13, color: "#1a1a1a" },
      paper_bgcolor: "#fff", plot_bgcolor: "#fff",
      hovermode: "x unified",
      hoverlabel: { bgcolor: "#fff", bordercolor: "#888", font: { size: 12 } },
      xaxis: { gridcolor: "#eee", linecolor: "#888", ticks: "outside", tickformat: "d", range: years, dtick: narrow ? 10 : 5, tick0: 2000 },
      yaxis: { gridcolor: "#e4e4e4", zerolinecolor: "#888", rangemode: "tozero", automargin: true, separatethousands: true, exponentformat: "none" },
      legend: { orientation: "h", x: 0, xanchor: "left", y: -(BOTTOM - 8) / PLOT, yanchor: "top", traceorder: "normal", font: { size: narrow ? 11 : 12 } },
      modebar: { color: "#888", activecolor: "#1a1a1a", bgcolor: "rgba(255,255,255,0)" },
    }, other);
  }
  function draw(id, title, unit, traces, more) {
    const node = document.getElementById(id);
    if (!node) return;
    document.getElementById(id + "-title").textContent = title;
    document.getElementById(id + "-unit").textContent = unit;
    node.setAttribute("aria-label", title + ". " + unit);
    const sheet = node.closest(".two, .three") ? (SHEET - 18) / 2 : SHEET;
    const chosen = layout(printing ? sheet : node.clientWidth, traces, more);
    const anew = fresh || node.style.height !== chosen.height + "px";
    // The library takes the height of the box whenever the window changes.
    node.style.height = chosen.height + "px";
    // A figure that gets another size is drawn anew: updating one leaves its legend where it was.
    (anew ? Plotly.newPlot : Plotly.react)(node, traces, chosen, config);
  }
  // Titles that say what a figure shows, from the texts that `annexv plot` uses too.
  const short = (value) => Math.abs(value) < 9.995 ? value.toFixed(2) : value.toLocaleString("en-US", { maximumFractionDigits: 0 });
  const known = (value) => value !== null && value !== undefined;
  const FINDINGS = {
    // What one line does: it rises, falls, or has its peak inside.
    trend: (form, name, unit, x, y) => {
      const at = y.map((value, n) => n).filter((n) => known(y[n]));
      if (!at.length || at.every((n) => y[n] === 0)) return fill(form.none, { name: name });
      const first = at[0], last = at[at.length - 1], top = at.reduce((a, b) => y[b] > y[a] ? b : a);
      if (top > first && top < last) return fill(form.peaks, { name: name, year: x[top], value: short(y[top]), unit: unit });
      return fill(y[last] >= y[first] ? form.rises : form.falls, { name: name, first: short(y[first]), last: short(y[last]), unit: unit, from_year: x[first], to_year: x[last] });
    },
    // The largest of several parts of a whole in the last year.
    largest: (form, unit, x, parts) => {
      const last = x.length - 1, named = parts.filter((part) => known(part.y[last]));
      if (!named.length) return "";
      const top = named.reduce((a, b) => b.y[last] > a.y[last] ? b : a), total = named.reduce((sum, part) => sum + part.y[last], 0);
      return fill(form.largest, { item: top.name, year: x[last], value: short(top.y[last]), total: short(total), unit: unit });
    },
    // Lowest and highest of several lines in the last year.
    several: (form, unit, x, lines) => {
      const last = x.length - 1, named = lines.filter((line) => known(line.y[last]));
      if (!named.length) return "";
      const low = named.reduce((a, b) => b.y[last] < a.y[last] ? b : a), high = named.reduce((a, b) => b.y[last] > a.y[last] ? b : a);
      if (low === high) return FINDINGS.trend(form, low.name, unit, x, low.y);
      return fill(form.several, { low: short(low.y[last]), lowest: low.name, high: short(high.y[last]), highest: high.name, unit: unit, year: x[last] });
    },
  };
  const search = document.getElementById("assumptions-search");
  if (search) search.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    document.querySelectorAll("#assumptions-table tbody tr").forEach((row) => { row.hidden = wanted !== "" && !row.textContent.toLowerCase().includes(wanted); });
  });
  // What is folded on screen is printed.
  let folded = [];
  window.addEventListener("beforeprint", () => { folded = [...document.querySelectorAll("details:not([open])")]; folded.forEach((node) => { node.open = true; }); });
  window.addEventListener("afterprint", () => { folded.forEach((node) => { node.open = false; }); });
  // Figures are drawn when the page opens, before and after it is printed, and when the window changes its width.
  function whenever(all) {
    const again = () => { fresh = true; all(); fresh = false; };
    window.addEventListener("beforeprint", () => { printing = true; again(); });
    window.addEventListener("afterprint", () => { printing = false; again(); });
    let width = document.documentElement.clientWidth, waiting;
    window.addEventListener("resize", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        const now = document.documentElement.clientWidth;
        if (now !== width && !printing) { width = now; again(); }
      }, 150);
    });
    again();
  }
  const narrowed = (name) => document.documentElement.clientWidth < 760 ? name.replace(/\./g, ".<br>").replace(/<br>$/, "") : name;
  // A record of engine.outputs.figures: the same figure that `annexv plot` writes into a file.
  const KINDS = {
    line: (t) => [{ type: "scatter", mode: "lines", x: t.x, y: t.y, line: { color: t.colour, dash: t.dash, width: t.width }, hovertemplate: "%{y:.3f}" }],
    area: (t) => [{ type: "scatter", mode: "lines", x: t.x, y: t.y, stackgroup: "one", line: { width: 0.6, color: "#fff" }, fillcolor: t.colour, hovertemplate: "%{y:.3f}" }],
    band: (t) => [
      { type: "scatter", mode: "lines", x: t.x, y: t.base, line: { width: 0 }, showlegend: false, hoverinfo: "skip" },
      { type: "scatter", mode: "lines", x: t.x, y: t.y, line: { width: 0 }, fill: "tonexty", fillcolor: t.colour, customdata: t.base, hovertemplate: "%{customdata:.3f} - %{y:.3f}" },
    ],
    point: (t) => [{ type: "scatter", mode: "markers", x: t.x, y: t.y, marker: { color: t.colour, size: 5, opacity: 0.55 }, hovertemplate: "%{x}: %{y:.3f}" }],
    bar: (t) => [{
      type: "bar", orientation: "h", y: t.y.map(narrowed), base: t.base, x: t.x.map((end, n) => end - t.base[n]), customdata: t.x, marker: { color: t.colour },
      text: t.text, textposition: "outside", cliponaxis: false, hovertemplate: "%{customdata:.3f}",
    }],
  };
  function record(figure) {
    const traces = [];
    for (const trace of figure.traces) for (const made of KINDS[trace.mode](trace)) {
      traces.push(Object.assign({ name: trace.name, showlegend: made.showlegend !== false && trace.name !== "" }, made));
    }
    const first = figure.traces[0], bars = figure.traces.some((trace) => trace.mode === "bar"), more = {};
    const quiet = { gridcolor: "#eee", linecolor: "#888", ticks: "outside", automargin: true };
    if (bars) {
      const ends = figure.traces.flatMap((t) => [...t.x, ...t.base]), low = Math.min(...ends), high = Math.max(...ends),
        // Values stand beside their bars and need as much of half a sheet or of a telephone.
        room = first.text && first.text.length ? 0.4 : 0.12, pad = room * (high - low || 1);
      more.barmode = "overlay";
      more.hovermode = "closest";
      more.below = 22;
      more.xaxis = Object.assign({}, quiet, { range: [figure.from_zero ? 0 : low - pad, high + pad], title: { text: figure.unit, font: { size: 12 }, standoff: 6 }, nticks: 6 });
      more.yaxis = { autorange: "reversed", automargin: true, linecolor: "#888", type: "category", ticks: "" };
      more.plotHeight = 60 + 30 * new Set(first.y).size;
      if (figure.mark !== null) more.shapes = [{ type: "line", xref: "x", yref: "paper", x0: figure.mark, x1: figure.mark, y0: 0, y1: 1, line: { color: "#444", width: 1 } }];
    } else if (figure.x_unit) {
      more.hovermode = "closest";
      more.below = 22;
      more.xaxis = Object.assign({}, quiet, { title: { text: figure.x_unit, font: { size: 12 }, standoff: 6 }, nticks: 6 });
      more.yaxis = { gridcolor: "#e4e4e4", zerolinecolor: "#888", automargin: true, nticks: 7 };
    } else {
      years = [first.x[0], first.x[first.x.length - 1]];
    }
    const under = [figure.subject, bars ? "" : figure.unit].filter(Boolean).join(", ");
    draw(figure.key, figure.title, under, traces, more);
  }
  return { AREAS, COLOURS, DASHES, FINDINGS, short, spread, fill, layout, draw, record, whenever, over: (x) => { years = x; } };
})();
