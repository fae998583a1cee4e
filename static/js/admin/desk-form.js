// The open form of a report: tells the server that it is open, keeps what is typed until it is
// saved, and says so. Without it the form works; then only saving keeps anything.
const HEARD_EVERY = 30_000;
const KEPT_EVERY = 4_000;
const KEPT = ["headline", "lede", "body", "key_points", "dateline"];

const desk = document.querySelector("[data-desk]");
const form = document.getElementById("article_form");

if (desk?.dataset.autosave && form) {
  const said = desk.querySelector("[data-desk-kept]");
  const lock = desk.querySelector("[data-desk-lock]");
  const typed = () =>
    JSON.stringify(KEPT.map((name) => [name, form.elements.namedItem(name)?.value ?? null]));
  let kept = typed(); // what the server has
  let isTouched = false; // the editor writes its HTML its own way before anybody typed
  let isLeaving = false;

  const fields = (names = []) => {
    const data = new FormData();
    for (const name of ["csrfmiddlewaretoken", "version", ...names]) {
      const field = form.elements.namedItem(name);
      if (field) data.set(name, field.value);
    }
    return data;
  };
  const send = (address, names) => fetch(address, { method: "POST", body: fields(names) });

  async function keep() {
    const now = typed();
    if (isLeaving || !isTouched || now === kept) return;
    try {
      const answer = await send(desk.dataset.autosave, KEPT);
      if (!answer.ok) throw new Error(answer.statusText);
      kept = now;
      said.textContent = (await answer.json()).said;
    } catch {
      if (!isLeaving) said.textContent = desk.dataset.failed;
    }
  }

  async function tell() {
    try {
      const answer = await send(desk.dataset.open);
      if (!answer.ok) return;
      const state = await answer.json();
      lock.hidden = state.is_mine;
      lock.querySelector("[data-desk-lock-said]").textContent = state.said;
    } catch {
      // Heard of again in half a minute; saving checks what matters.
    }
  }

  form.addEventListener("submit", (event) => {
    if (isLeaving) event.preventDefault(); // a second click on the same button
    isLeaving = true;
  });
  for (const kind of ["input", "keydown", "paste", "drop", "click"]) {
    form.addEventListener(kind, () => (isTouched = true), { once: true });
  }
  setInterval(keep, KEPT_EVERY);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) keep();
  });
  if (desk.dataset.open) {
    setInterval(tell, HEARD_EVERY);
    addEventListener("pagehide", () => {
      if (!isLeaving) navigator.sendBeacon(desk.dataset.close, fields());
    });
    addEventListener("pageshow", (event) => {
      isLeaving = false;
      if (event.persisted) tell();
    });
  }
}
