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

// Words decide the direction they are written in; an empty box has its hint's.
for (const field of document.querySelectorAll("input[type=search]")) {
  field.addEventListener("input", () => {
    field.dir = field.value ? "auto" : document.documentElement.dir;
  });
}

// Keys go by where they lie, so that they work with an Arabic layout as well; /help lists them.
const box = document.querySelector('[data-focus-key="/"]');
const hits = [...document.querySelectorAll(".hit h3 a")];
const beside = (step) => {
  const at = hits.indexOf(document.activeElement);
  hits[Math.min(Math.max(at === -1 && step < 0 ? 0 : at + step, 0), hits.length - 1)]?.focus();
};
const keys = {
  Slash: (event) => {
    if (event.shiftKey) return location.assign("/help#keys");
    box?.select();
    box?.focus();
  },
  KeyJ: () => beside(1),
  KeyK: () => beside(-1),
  KeyN: () => document.querySelector(".pages a[rel=next]")?.click(),
  KeyP: () => document.querySelector(".pages a[rel=prev]")?.click(),
};
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  const key = keys[event.code];
  if (key && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    key(event);
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

// A link to take along, where the browser lets us write to the clipboard: the page's own, or another.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  const said = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(new URL(button.dataset.copy || location.href, location.href).href);
    button.textContent = button.dataset.copied;
    button.dataset.done = "";
    setTimeout(() => {
      button.textContent = said;
      delete button.dataset.done;
    }, 2000);
  });
}

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
