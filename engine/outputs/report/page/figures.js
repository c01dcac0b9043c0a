"use strict";
(function () {
  const D = JSON.parse(document.getElementById("data").textContent);
  Draw.whenever(() => D.figures.forEach(Draw.record));
  document.documentElement.dataset.ready = "true";
})();
