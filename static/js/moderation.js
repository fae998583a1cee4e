// The moderation desk by keys: a decision leaves the screen at once and is sent meanwhile.
const desk = document.querySelector("[data-moderation]");
const list = desk.querySelector("[data-cases]");
const status = desk.querySelector("[data-status]");
const keys = desk.querySelector("[data-keys]");
const undoable = []; // the decisions of this visit, the last one last
const LEAVING = new Set(["approve", "reject", "spam", "remove"]);
const POLL = 10_000;
const AHEAD = 15; // with fewer cards left, the next ones are asked for

const all = () => [...list.querySelectorAll("[data-case]")];
const current = () => document.activeElement?.closest?.("[data-case]");
const say = (text) => { status.textContent = text; };

function go(card) {
  if (!card) return;
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const cards = all();
  const place = cards.indexOf(current());
  go(cards[place < 0 ? 0 : Math.max(0, Math.min(cards.length - 1, place + by))]);
}

function count(numbers) {
  for (const [name, text] of Object.entries(numbers)) {
    desk.querySelector(`[data-count="${name}"]`).textContent = text;
  }
}

function notice(card, text) {
  const line = card.querySelector("[data-notice]") ?? document.createElement("p");
  line.className = "case__notice";
  line.dataset.notice = "";
  line.textContent = text;
  if (!line.isConnected) card.querySelector(".case__head").after(line);
}

let posts = 0; // begun or ended: what was counted before one of them is out of date
let underway = 0;
let haveCrossed = false;
async function post(address, data) {
  posts += 1;
  underway += 1;
  haveCrossed ||= underway > 1;
  let body;
  try {
    const answer = await fetch(address, { method: "POST", body: data, headers: { Accept: "application/json" } });
    body = await answer.json();
  } finally {
    posts += 1;
    underway -= 1;
  }
  // Of answers that crossed, none need be right: the last one has it counted anew.
  if (!haveCrossed) count(body.counts ?? {});
  else if (!underway) {
    haveCrossed = false;
    poll();
  }
  return body;
}

// Where a card stood, so that it can come back there.
function takeAway(card) {
  const place = { card, next: card.nextElementSibling };
  const hadFocus = card.contains(document.activeElement);
  const neighbour = card.nextElementSibling ?? card.previousElementSibling;
  card.remove();
  if (hadFocus) go(neighbour);
  desk.querySelector("[data-empty]").hidden = all().length > 0;
  return place;
}

function putBack({ card, next }) {
  if (next?.isConnected) next.before(card);
  else list.append(card);
  desk.querySelector("[data-empty]").hidden = true;
}

// The decisions stand in the order in which they were made, whichever answer comes first.
const sent = new WeakMap(); // by card: what was sent of it last
function decide(form, action, cards) {
  const entry = { done: [] };
  if (LEAVING.has(action)) undoable.push(entry);
  entry.ready = send(form, action, cards, entry);
  for (const card of cards) sent.set(card, entry.ready);
}

async function send(form, action, cards, entry) {
  const data = new FormData(form);
  data.set("action", action);
  if (!data.has("comment")) return;
  const earlier = cards.map((card) => sent.get(card));
  const leaves = LEAVING.has(action);
  const places = leaves ? cards.map(takeAway) : [];
  if (all().length < AHEAD) poll();
  say(leaves ? desk.dataset.done : "");
  // What this moderator did to a card just before is no news to them: its answer says what is seen.
  await Promise.all(earlier);
  for (const card of cards) {
    const seen = card.querySelector("[data-seen]");
    data.set(seen.name, seen.value);
  }
  let body;
  try {
    body = await post(form.getAttribute("action"), data); // a button is named like the property
  } catch {
    places.reverse().forEach(putBack);
    say(desk.dataset.failed);
    return;
  }
  const refused = new Map(body.refused.filter((one) => one.comment).map((one) => [String(one.comment), one.message]));
  for (const place of places.toReversed()) {
    if (!refused.has(place.card.dataset.case)) continue;
    putBack(place);
    notice(place.card, refused.get(place.card.dataset.case));
  }
  const done = body.done.map((one) => ({ ...one, place: places.find(({ card }) => card.dataset.case === String(one.comment)) }));
  entry.done = done.filter((one) => one.event);
  if (!leaves) {
    for (const card of cards) {
      notice(card, refused.get(card.dataset.case) ?? desk.dataset.saved);
      const one = done.find((each) => String(each.comment) === card.dataset.case);
      if (one) card.querySelector("[data-seen]").value = one.seen;
    }
    say(desk.dataset.saved);
  }
  if (body.refused.length) say(body.refused.map((one) => one.message ?? one).join(" "));
}

async function undo() {
  const entry = undoable.pop();
  await entry?.ready;
  if (entry && !entry.done.length) {
    undo(); // it was refused, so there is nothing of it to be taken back
    return;
  }
  if (!entry) {
    say(desk.dataset.nothing);
    return;
  }
  const last = entry.done;
  const data = new FormData(desk.querySelector("[data-bulk]"));
  data.delete("comment");
  for (const one of last) data.append("event", one.event);
  const body = await post(desk.dataset.undo, data).catch(() => null);
  if (!body) {
    undoable.push(entry);
    say(desk.dataset.failed);
    return;
  }
  for (const one of last.toReversed()) {
    const undone = body.done.find((each) => each.comment === one.comment);
    if (!undone || !one.place) continue;
    putBack(one.place);
    one.place.card.querySelector("[data-seen]").value = undone.seen;
    go(one.place.card);
  }
  say(body.refused.length ? body.refused.map((one) => one.message).join(" ") : desk.dataset.undone);
}

function open(card, name) {
  const details = card.querySelector(`[data-more="${name}"]`);
  details.open = true;
  details.querySelector("textarea, select").focus();
}

const ACTIONS = {
  j: () => step(1),
  k: () => step(-1),
  u: undo,
  "?": () => keys.showModal(),
  a: (card) => decide(card.querySelector("[data-decide]"), "approve", [card]),
  r: (card) => decide(card.querySelector("[data-decide]"), "reject", [card]),
  s: (card) => decide(card.querySelector("[data-decide]"), "spam", [card]),
  e: (card) => open(card, "edit"),
  b: (card) => open(card, "ban"),
  p: (card) => card.querySelector("[data-pin]")?.click(),
  x: (card) => card.querySelector("input[type=checkbox]").click(),
};
const OF_A_CARD = new Set("arsebpx");

document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || keys.open) return;
  const { target } = event;
  if (event.key === "Escape" && current()) {
    go(current());
    return;
  }
  if (target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
  const key = event.key.toLowerCase();
  const card = current() ?? (all().length && OF_A_CARD.has(key) ? all()[0] : null);
  if (/^[1-9]$/.test(key) && card) {
    const select = card.querySelector("[name=reason]");
    if (select.options[key - 1]) select.selectedIndex = key - 1;
    say(select.selectedOptions[0].textContent);
    return;
  }
  const act = ACTIONS[key];
  if (!act || (OF_A_CARD.has(key) && !card)) return;
  event.preventDefault();
  act(card);
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-decide], [data-bulk]");
  if (!form || !event.submitter?.value) return;
  event.preventDefault();
  const cards = form.matches("[data-bulk]")
    ? all().filter((card) => card.querySelector("input[type=checkbox]").checked)
    : [form.closest("[data-case]")];
  decide(form, event.submitter.value, cards);
});

// Others learn what is being read here, and the other way round.
list.addEventListener("focusin", async ({ target }) => {
  const card = target.closest("[data-case]");
  if (!card || card.dataset.taken) return;
  card.dataset.taken = "true";
  const data = new FormData(card.querySelector("[data-decide]"));
  const answer = await fetch(card.dataset.take, { method: "POST", body: data }).catch(() => null);
  const body = answer?.ok ? await answer.json() : {};
  if (body.by) notice(card, `${body.by} ${desk.dataset.handled}`);
});

// What comes in is added at the end, so that nothing moves.
let last = all().at(-1)?.dataset.case ?? "";
let isAsking = false;
let isWanted = false;
async function poll() {
  if (document.hidden) return;
  if (isAsking) {
    isWanted = true;
    return;
  }
  isAsking = true;
  const before = posts;
  try {
    const answer = await fetch(`${desk.dataset.moderation}&after=${last}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const body = await answer.json();
    if (posts === before) count(body.counts);
    for (const html of body.cases) {
      const holder = document.createElement("template");
      holder.innerHTML = html;
      const card = holder.content.querySelector("[data-case]");
      if (document.getElementById(card.id)) continue;
      list.append(card);
      last = card.dataset.case;
      desk.querySelector("[data-empty]").hidden = true;
      // Whoever has cleared all there was goes on with it.
      if (document.activeElement === document.body) go(card);
    }
    if (body.cases.length) desk.querySelector("[data-next]")?.parentElement.remove();
  } catch {
    // The next one may get through.
  } finally {
    isAsking = false;
    if (isWanted) {
      isWanted = false;
      poll();
    }
  }
}
setInterval(poll, POLL);

const help = desk.querySelector("[data-help]");
help.hidden = false;
help.addEventListener("click", () => keys.showModal());
go(all()[0]);
