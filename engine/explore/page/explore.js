"use strict";
window.dash_clientside = Object.assign({}, window.dash_clientside, {
  annexv: {
    // A lever that is touched is moved: its box is ticked.
    tick: function () {
      const on = arguments[arguments.length - 1];
      return on && on.length ? window.dash_clientside.no_update : ["yes"];
    },
    // The address says what the page shows; going back in the history leaves the page, not a slider.
    address: function (query) {
      if (query) {
        window.history.replaceState(null, "", window.location.pathname + query);
        const lang = new URLSearchParams(query).get("lang");
        if (lang) document.documentElement.lang = lang;
        // The link to the other language shows the same page.
        const other = document.getElementById("other-language");
        if (other) {
          const words = new URLSearchParams(query);
          words.set("lang", other.hreflang);
          other.href = "?" + words.toString();
        }
      }
      return query;
    },
    copy: function (clicks, command) {
      const button = document.getElementById("copy");
      const done = function () { if (button) { button.classList.add("done"); setTimeout(function () { button.classList.remove("done"); }, 1500); } };
      if (clicks && navigator.clipboard) navigator.clipboard.writeText(command).then(done, done);
      return command;
    },
  },
});
