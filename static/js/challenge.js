// A calculation that shows that no flood of programs sends a comment. It is loaded, with the widget
// that does it (ALTCHA), only where the server has asked for it, and imports nothing.

let ready = null;

function load({ style, widget, worker }) {
  ready ??= (async () => {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: style }));
    await import(widget);
    globalThis.$altcha.algorithms.set("PBKDF2/SHA-256", () => new Worker(worker));
  })();
  return ready;
}

// Begins to calculate; the form can be sent once it is done, which the promise tells.
export async function prove(box) {
  const { address, label, verifying, verified, expired, error } = box.dataset;
  await load(box.dataset);
  globalThis.$altcha.i18n.set("page", { label, verifying, verified, waitAlert: verifying });
  const widget = document.createElement("altcha-widget");
  widget.setAttribute("challenge", address);
  widget.setAttribute("configuration", JSON.stringify({
    auto: "onload",
    language: "page",
    hideFooter: true,
    hideLogo: true,
    humanInteractionSignature: false, // nobody's movements are watched
    workers: Math.min(4, navigator.hardwareConcurrency || 2),
  }));
  widget.addEventListener("statechange", ({ detail: { state } }) => {
    box.querySelector("[data-challenge-said]").textContent = { error, expired }[state] ?? "";
  });
  const done = new Promise((resolve) => widget.addEventListener("verified", resolve, { once: true }));
  box.querySelector("[data-challenge-widget]").append(widget);
  return done;
}

// A page of its own, where the text is read again before it is sent.
for (const box of document.querySelectorAll("[data-challenge]:not([data-challenge-asked])")) prove(box);
