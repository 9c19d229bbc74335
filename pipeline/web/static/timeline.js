// Dragging over a timeline chooses a span; the address is the state, so choosing is going there.

for (const figure of document.querySelectorAll("[data-timeline]")) {
  const drawing = figure.querySelector("svg");
  const selection = figure.querySelector(".selection");
  const bars = [...drawing.querySelectorAll("g[data-start]")].map((bar) => ({
    start: bar.dataset.start,
    end: bar.dataset.end,
    box: () => bar.querySelector(".room").getBoundingClientRect(),
  }));
  let from = null;

  const barAt = (x) => {
    const whole = drawing.getBoundingClientRect();
    const within = Math.min(Math.max(x, whole.left + 1), whole.right - 1);
    return bars.find((bar) => bar.box().left <= within && within <= bar.box().right) ?? null;
  };
  const ordered = (a, b) => (a.start <= b.start ? [a, b] : [b, a]);
  const show = (a, b) => {
    const whole = figure.getBoundingClientRect();
    const edges = [a.box(), b.box()];
    const left = Math.min(...edges.map((edge) => edge.left)) - whole.left;
    selection.style.left = `${left}px`;
    selection.style.width = `${Math.max(...edges.map((edge) => edge.right)) - whole.left - left}px`;
    selection.hidden = false;
  };

  drawing.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    from = barAt(event.clientX);
    if (!from) return;
    drawing.setPointerCapture(event.pointerId);
    show(from, from);
    event.preventDefault();
  });
  drawing.addEventListener("pointermove", (event) => {
    const to = from && barAt(event.clientX);
    if (to) show(from, to);
  });
  drawing.addEventListener("pointerup", (event) => {
    const to = from && barAt(event.clientX);
    if (!to) return;
    const [first, last] = ordered(from, to);
    from = null;
    const asked = new URLSearchParams(figure.dataset.query);
    asked.set("since", first.start);
    asked.set("until", last.end);
    location.assign(`${figure.dataset.path ?? "/"}?${asked}`);
  });
  drawing.addEventListener("pointercancel", () => {
    from = null;
    selection.hidden = true;
  });
}
