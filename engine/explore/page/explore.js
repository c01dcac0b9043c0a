"use strict";
window.dash_clientside = Object.assign({}, window.dash_clientside, {
  annexv: {
    copy: function (clicks, command) {
      const button = document.getElementById("copy");
      const done = function () { if (button) { button.classList.add("done"); setTimeout(function () { button.classList.remove("done"); }, 1500); } };
      if (clicks && navigator.clipboard) navigator.clipboard.writeText(command).then(done, done);
      return command;
    },
  },
});

// What an answer says beside the components of the page, which take a third of the time of an answer if there are many: rows of
// the table, charts that are drawn when the numbers are on the screen, one a frame, and the address, which what is slower waits
// for until the controls rest.
(function () {
  const REST = 100;
  let waiting = 0, answers = 0;
  const made = function (name, text, parent) {
    const one = document.createElement(name);
    one.textContent = text;
    return parent.appendChild(one);
  };
  const rows = function (table) {
    const whole = document.createElement("table");
    const head = made("tr", "", made("thead", "", whole));
    for (const name of [table.unit, ...table.years]) made("th", name, head);
    const body = made("tbody", "", whole);
    for (const row of table.rows) {
      const line = made("tr", "", body);
      line.className = row.of.kind;
      Object.assign(line.dataset, row.of);
      made("th", row.said, line).scope = "row";
      // Every cell holds its value to the last bit.
      row.values.forEach(function (value, n) {
        Object.assign(made("td", row.shown[n], line).dataset, { value: value, year: table.years[n] });
      });
    }
    return whole;
  };
  // The address says what the page shows; going back in the history leaves the page, not a slider.
  const addressed = function (query) {
    window.history.replaceState(null, "", window.location.pathname + query);
    const words = new URLSearchParams(query);
    if (words.get("lang")) document.documentElement.lang = words.get("lang");
    // The link to the other language shows the same page.
    const other = document.getElementById("other-language");
    if (other) {
      words.set("lang", other.hreflang);
      other.href = "?" + words.toString();
    }
    clearTimeout(waiting);
    waiting = setTimeout(function () { window.dash_clientside.set_props("address", { data: query }); }, REST);
  };
  // After the next frame; where nothing is painted, as in a page behind others, soon.
  const later = function (what) {
    let once = function () { once = function () {}; setTimeout(what); };
    requestAnimationFrame(function () { once(); });
    setTimeout(function () { once(); }, REST);
  };
  const drawn = function (figures, mine) {
    if (mine !== answers || !figures.length) return;
    const [name, figure] = figures[0];
    const plot = document.querySelector("#" + name + " .js-plotly-plot");
    // A page that is just opened has no charts yet.
    if (plot && window.Plotly) window.Plotly.react(plot, figure.data, figure.layout);
    const rest = plot && window.Plotly ? figures.slice(1) : figures;
    later(function () { drawn(rest, mine); });
  };
  const answered = function (place) {
    const answer = JSON.parse(place.dataset.answer);
    answers += 1;
    place.replaceChildren(rows(answer.table));
    addressed(answer.address);
    const mine = answers;
    later(function () { drawn(Object.entries(answer.figures), mine); });
  };
  new MutationObserver(function (changes) {
    const place = changes.map((change) => change.target).find((one) => one.id === "table") || document.getElementById("table");
    if (place && place.dataset.answer && (changes.some((change) => change.target === place) || !place.firstChild)) answered(place);
  }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["data-answer"] });
})();
