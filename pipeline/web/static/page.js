// Handier, never needed: every page works without this file.

const wide = matchMedia("(min-width: 60.01rem)");

// Filters are folded on a phone and open beside the results elsewhere.
const unfold = () => {
  for (const fold of document.querySelectorAll("details[data-open-wide]")) if (wide.matches) fold.open = true;
};
unfold();
wide.addEventListener("change", unfold);

// A choice that needs no second click.
for (const field of document.querySelectorAll("[data-submits]")) {
  field.addEventListener("change", () => field.form.requestSubmit());
}

// "/" leads to the query box, as in many places; Escape closes an open menu.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  const box = document.querySelector('[data-focus-key="/"]');
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && box) {
    event.preventDefault();
    box.select();
    box.focus();
  }
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

// The button says "the other one"; which that is, the browser knows when nobody chose.
for (const button of document.querySelectorAll("[data-toggle-theme]")) {
  const chosen = document.documentElement.dataset.theme;
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  button.value = dark ? "light" : "dark";
}

// A reader whose clock is elsewhere is offered their own time.
const shown = document.querySelector("[data-zone]");
const offer = document.querySelector("[data-use-zone]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (shown && offer && zone && zone !== shown.dataset.zone) {
  offer.querySelector("button").value = zone;
  offer.querySelector("bdi").textContent = zone;
  offer.hidden = false;
}
