"use strict";
(function () {
  const D = JSON.parse(document.getElementById("data").textContent);
  const T = D.text;
  const { AREAS, COLOURS, DASHES, FINDINGS, short, spread, fill, layout, draw } = Draw;
  Draw.over([D.years[0], D.years[D.years.length - 1]]);
  const form = T.figure;
  const state = { scenario: D.main, basis: D.bases[0] };
  function line(name, y, colour, dash, more) {
    return Object.assign({ type: "scatter", mode: "lines", name: name, x: D.years, y: y, line: { color: colour, dash: dash || "solid", width: 2.2 }, hovertemplate: "%{y:.3f}" }, more || {});
  }
  function area(name, y, colour, format) {
    return { type: "scatter", mode: "lines", name: name, x: D.years, y: y, stackgroup: "one", line: { width: 0.6, color: "#fff" }, fillcolor: colour, hovertemplate: "%{y:" + (format || ".3f") + "}" };
  }
  function of(variable, basis, scenario) {
    const found = D[variable] && D[variable][basis || state.basis];
    return found ? found[scenario || state.scenario] : undefined;
  }
  function basisName(basis) { return T.basis_names[basis] || basis; }
  function here() { return T.scenario + " " + state.scenario + ", " + T.basis.toLowerCase() + " " + basisName(state.basis); }
  function mark(component, basis, scenario) {
    const method = of("method", basis, scenario);
    return method && method[component] === "replica" ? " *" : "";
  }

  function byScenario() {
    const numbers = [...new Set(D.scenarios.map((code) => D.parts[code][0]))];
    const series = D.series.map((item) => item.code);
    const traces = D.scenarios.map((code) => {
      const [number, letter] = D.parts[code];
      return line(code + mark("acquired_rights", state.basis, code), of("cost", state.basis, code).acquired_rights, COLOURS[numbers.indexOf(number) % COLOURS.length], DASHES[series.indexOf(letter) % DASHES.length]);
    });
    const onBasis = T.basis.toLowerCase() + " " + basisName(state.basis);
    draw("fig-transition", FINDINGS.several(form, T.percent, D.years, traces), T.component.acquired_rights + ", " + onBasis + ", " + T.percent, traces);
    let most = 0;
    for (const code of D.scenarios) most = Math.max(most, ...of("cost", state.basis, code).total);
    D.series.forEach((item, n) => {
      const chosen = D.scenarios.filter((code) => D.parts[code][1] === item.code);
      const found = chosen.map((code) => line(code + mark("total", state.basis, code), of("cost", state.basis, code).total, COLOURS[numbers.indexOf(D.parts[code][0]) % COLOURS.length], DASHES[n % DASHES.length]));
      const axis = layout(1, found).yaxis;
      draw("fig-total-" + n, FINDINGS.several(form, T.percent, D.years, found), item.name + ", " + onBasis + ", " + T.percent, found, { yaxis: Object.assign(axis, { range: [0, most * 1.05] }) });
    });
  }
  function stacked(id, variable, labels, colours, unit, format) {
    const found = of(variable);
    if (!found) return;
    const keys = Object.keys(labels).filter((key) => found[key] && found[key].some((value) => value));
    const all = Object.keys(labels);
    const parts = keys.map((key) => area(labels[key] + (variable === "cost" ? mark(key) : ""), found[key], colours[all.indexOf(key) % colours.length], format));
    draw(id, FINDINGS.largest(form, unit, D.years, parts), here() + ", " + unit, parts);
  }
  function oneCase() {
    stacked("fig-component", "cost", T.component, AREAS, T.percent);
    stacked("fig-type", "types", T.pension_type, AREAS, T.percent);
    const births = of("cohorts"), wages = of("wages");
    const born = births.map((values, n) => area(fill(T.group_of, { first: D.births[n][0], last: D.births[n][1] }), values, spread(births.length)[n])).filter((trace) => trace.y.some((value) => value));
    draw("fig-cohort", FINDINGS.largest(form, T.percent, D.years, born), here() + ", " + T.percent, born);
    const earned = wages.map((values, n) => {
      const ends = n === 0 ? ", " + T.lowest : n === wages.length - 1 ? ", " + T.highest : "";
      return area(fill(T.wage_group, { n: n + 1, total: wages.length }) + ends, values, spread(wages.length)[n]);
    });
    draw("fig-wage", FINDINGS.largest(form, T.percent, D.years, earned), here() + ", " + T.percent, earned);
    const quota = of("state");
    draw("fig-state", FINDINGS.trend(form, T.component.state_contributions, T.percent, D.years, quota.total), here() + ", " + T.percent, ["total", "social_quota", "proportional"].map((key, n) => line(T.quota[key], quota[key], COLOURS[[6, 0, 1][n]], ["solid", "dash", "dot"][n])));
    stacked("fig-assets", "assets", T.fund, AREAS, T.thousand_million, ",.0f");
    const heads = of("heads");
    draw("fig-contributors", FINDINGS.trend(form, T.heads.contributors, T.million_persons, D.years, heads.contributors), here() + ", " + T.million_persons, [line(T.heads.contributors, heads.contributors, COLOURS[0], "solid", { hovertemplate: "%{y:.2f}", showlegend: true })]);
    const groups = Object.keys(T.pensioner_group);
    const retired = groups.filter((key) => heads[key]).map((key) => area(T.pensioner_group[key], heads[key], AREAS[groups.indexOf(key)], ".2f"));
    draw("fig-pensioners", FINDINGS.largest(form, T.million_persons, D.years, retired), T.heads.pensioners + ": " + here() + ", " + T.million_persons, retired);
    const printed = D.printed[state.scenario];
    const traces = [];
    Object.keys(T.component).concat("total").forEach((key, n) => {
      const name = key === "total" ? T.total : T.component[key], colour = COLOURS[key === "total" ? 6 : n];
      traces.push(line(name + mark(key) + ", " + T.model, of("cost")[key], colour, "solid", { legendgroup: key }));
      if (printed && printed[key]) traces.push({ type: "scatter", mode: "markers", name: name + ", " + T.printed, x: printed[key].years, y: printed[key].values, marker: { color: "#fff", size: 6, line: { color: colour, width: 1.6 } }, legendgroup: key, hovertemplate: "%{y:.3f}" });
    });
    draw("fig-print", apart(printed, of("cost")), here() + ", " + T.percent, traces);
    if (D.bases.length > 1) {
      const both = [];
      Object.keys(T.component).concat("total").forEach((key, n) => {
        D.bases.forEach((basis, k) => {
          const found = of("cost", basis, state.scenario);
          const name = key === "total" ? T.total : T.component[key];
          both.push(line(name + mark(key, basis, state.scenario) + ", " + basisName(basis), found[key], COLOURS[key === "total" ? 6 : n], DASHES[k]));
        });
      });
      const last = D.years.length - 1, [one, two] = D.bases.map((basis) => of("cost", basis, state.scenario).total[last]);
      const said = { year: D.years[last], basis: basisName(D.bases[1]), other: basisName(D.bases[0]), value: short(Math.abs(two - one)), way: two >= one ? form.above : form.below };
      draw("fig-bases", fill(form.bases, said), T.scenario + " " + state.scenario + ", " + T.percent, both);
    }
  }
  // The cell where model and print are farthest apart.
  function apart(printed, cost) {
    let far = null;
    for (const key of Object.keys(printed || {})) printed[key].years.forEach((year, n) => {
      const gap = Math.abs(printed[key].values[n] - cost[key][D.years.indexOf(year)]);
      if (!far || gap > far.gap) far = { gap: gap, year: year, name: key === "total" ? T.total : T.component[key] };
    });
    return far ? fill(form.apart, { name: far.name, value: far.gap.toFixed(3), year: far.year }) : form.as_printed;
  }
  // The file of a balance has one scenario and years of its own: the switches do not move these figures.
  function againstNone() {
    const B = D.balance;
    if (!B) return;
    const R = T.reform, plainAxis = layout(1, []).xaxis;
    const over = (values, step) => ({ xaxis: Object.assign({}, plainAxis, { range: [values[0], values[values.length - 1]], dtick: step }) });
    const curve = (x, name, y, colour, dash, format) => line(name, y, colour, dash, { x: x, hovertemplate: "%{y:" + format + "}" });
    // Few years of birth are followed: a point each.
    const point = (...given) => Object.assign(curve(B.births, ...given, ".1f"), { mode: "lines+markers", marker: { size: 5 } });
    const flows = (found, colours) => Object.keys(found).map((key, n) => curve(B.years, R.line[key], found[key], COLOURS[colours[n]], DASHES[n], ".2f"));
    const narrow = document.documentElement.clientWidth < 760;
    draw("fig-old-system", FINDINGS.trend(form, R.line.cash_balance, T.percent, B.years, B.old.cash_balance), R.old_system + ", " + T.percent, flows(B.old, [0, 1, 6]), over(B.years, narrow ? 20 : 10));
    draw("fig-reform-cost", FINDINGS.trend(form, R.line.net_fiscal_cost, T.percent, B.years, B.cost.net_fiscal_cost), R.cost + ", " + T.percent, flows(B.cost, [1, 5]), over(B.years, narrow ? 20 : 10));
    const systems = ["reform", "no_reform"];
    const groups = B.groups.map((key, n) => ({
      type: "bar", orientation: "h", name: R.group[key], y: systems.map((system) => R.system[system]), x: systems.map((system) => B.debt[system][n]),
      marker: { color: COLOURS[n] }, hovertemplate: "%{x:.1f}",
    })).filter((trace) => trace.x.some((value) => value));
    const sums = systems.map((system) => B.debt[system].reduce((sum, value) => sum + (value || 0), 0));
    const less = sums[0] <= sums[1];
    draw("fig-debt", fill(R.debt_said, { reform: short(sums[0]), no_reform: short(sums[1]), way: less ? R.less : R.more }), R.debt + ", " + R.percent_at_date, groups, {
      barmode: "stack", hovermode: "y unified", bargap: 0.45,
      xaxis: { gridcolor: "#eee", linecolor: "#888", ticks: "outside", rangemode: "tozero", nticks: narrow ? 5 : 10 }, yaxis: { automargin: true, linecolor: "#888" },
    });
    const wage = (n) => fill(T.wage_group, { n: B.wages[n], total: B.wage_groups }) + (n === 0 ? ", " + T.lowest : n === B.wages.length - 1 ? ", " + T.highest : "");
    const births = over([Math.min(...B.births), Math.max(...B.births)], narrow ? 20 : 10);
    for (const sex of ["m", "f"]) {
      const rates = [], gains = [];
      B.wages.forEach((_, n) => {
        systems.forEach((system, k) => rates.push(point(wage(n) + ", " + R.system[system].toLowerCase(), B.replacement[sex][system][n], COLOURS[n], DASHES[k])));
        gains.push(point(wage(n), B.gain[sex][n], COLOURS[n], DASHES[n]));
      });
      draw("fig-replacement-" + sex, FINDINGS.several(form, "%", B.births, rates), fill(R.replacement, { age: B.age }) + ", " + R.sex[sex] + ", " + R.percent_wage, rates, births);
      draw("fig-gain-" + sex, FINDINGS.several(form, "%", B.births, gains), R.gain + ", " + R.sex[sex] + ", " + R.percent_wages, gains, births);
    }
  }
  function pressed() {
    document.querySelectorAll(".switches fieldset").forEach((field) => {
      field.querySelectorAll("button").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.value === state[field.dataset.switch])));
    });
  }
  function all() { D.figures.forEach(Draw.record); Draw.over([D.years[0], D.years[D.years.length - 1]]); pressed(); byScenario(); oneCase(); againstNone(); }

  document.querySelectorAll(".switches button").forEach((button) => {
    button.addEventListener("click", () => {
      const name = button.closest("fieldset").dataset.switch;
      state[name] = button.dataset.value;
      pressed();
      if (name === "basis") byScenario();
      oneCase();
    });
  });
  Draw.whenever(all);
  document.documentElement.dataset.ready = "true";
})();
