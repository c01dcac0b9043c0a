"use strict";
window.dash_clientside = Object.assign({}, window.dash_clientside, {
  annexv: {
    copy: function (clicks) {
      const button = document.getElementById("copy"), command = document.getElementById("command").textContent;
      const done = function () { if (button) { button.classList.add("done"); setTimeout(function () { button.classList.remove("done"); }, 1500); } };
      if (clicks && navigator.clipboard) navigator.clipboard.writeText(command).then(done, done);
      return command;
    },
  },
});

// What an answer says. Numbers and words first; charts are drawn when these are on the screen, one a frame; the address last,
// which what is slower waits for until the controls rest.
(function () {
  const REST = 100;
  let waiting = 0, answers = 0;
  const made = function (name, text, parent) {
    const one = document.createElement(name);
    one.textContent = text;
    return parent.appendChild(one);
  };
  const rows = function (table, place) {
    const whole = document.createElement("table");
    const head = made("tr", "", made("thead", "", whole));
    for (const name of [table.unit, ...table.years]) made("th", name, head);
    const body = made("tbody", "", whole);
    for (const row of table.rows) {
      const line = made("tr", "", body);
      line.className = row.of.kind;
      Object.assign(line.dataset, row.of);
      made("th", row.said, line).scope = "row";
      for (const year of table.years) made("td", "", line).dataset.year = year;
    }
    place.replaceChildren(whole);
  };
  // Where rows and years are those of before, numbers alone are changed.
  const filled = function (table, place) {
    const alike = JSON.stringify([table.unit, table.years, table.rows.map((row) => [row.said, row.of])]);
    if (place.firstChild === null || place.alike !== alike) rows(table, place);
    place.alike = alike;
    place.querySelectorAll("tbody tr").forEach(function (line, at) {
      const row = table.rows[at];
      line.querySelectorAll("td").forEach(function (cell, n) {
        // Every cell holds its value to the last bit.
        if (cell.dataset.value === row.values[n]) return;
        cell.dataset.value = row.values[n];
        cell.textContent = row.shown[n];
      });
    });
  };
  // The address says what the page shows; going back in the history leaves the page, not a slider.
  const addressed = function (query) {
    window.history.replaceState(null, "", window.location.pathname + query);
    const words = new URLSearchParams(query);
    // Said again, it would have the browser style the whole page anew.
    const lang = words.get("lang"), whole = document.documentElement;
    if (lang && whole.lang !== lang) whole.lang = lang;
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
  const set = function (one, cell) {
    one.dataset.value = cell.value;
    one.textContent = cell.shown;
  };
  const cards = function (found, place) {
    for (const card of found) {
      let one = document.getElementById("card-" + card.key);
      if (!one) {
        one = made("li", "", place);
        one.id = "card-" + card.key;
        for (const name of ["strong", "em", "span"]) made(name, "", one);
      }
      set(one.children[0], card.value);
      set(one.children[1], card.change);
      one.children[2].textContent = card.label;
    }
  };
  const differs = function (found, place) {
    place.replaceChildren();
    for (const lever of found) {
      const one = made("li", lever.said + " ", place);
      if (!lever.without) continue;
      Object.assign(made("a", lever.undo, one), { href: lever.without, className: "undo", title: lever.typed });
      if (lever.half) made("span", " " + lever.half, one).className = "soft";
    }
  };
  const faults = function (found, place) {
    place.replaceChildren();
    if (!found.length) return;
    const list = made("ul", "", place);
    list.className = "fault";
    for (const fault of found) made("li", fault, list);
  };
  const answered = function (place) {
    const answer = JSON.parse(place.dataset.answer), at = (name) => document.getElementById(name);
    faults(answer.faults || [], at("fault"));
    if (answer.faults) return;
    answers += 1;
    filled(answer.table, place);
    cards(answer.cards, at("cards"));
    at("sentence").textContent = answer.sentence;
    at("command").textContent = answer.command;
    differs(answer.differs, at("differs"));
    addressed(answer.address);
    const mine = answers;
    later(function () { drawn(Object.entries(answer.figures), mine); });
  };
  new MutationObserver(function (changes) {
    const place = changes.map((change) => change.target).find((one) => one.id === "table") || document.getElementById("table");
    if (place && place.dataset.answer && (changes.some((change) => change.target === place) || !place.firstChild)) answered(place);
  }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["data-answer"] });
})();
