// The moderation desk by keys: a decision leaves the screen at once and is sent meanwhile.
const desk = document.querySelector("[data-moderation]");
const list = desk.querySelector("[data-cases]");
const status = desk.querySelector("[data-status]");
const keys = desk.querySelector("[data-keys]");
const bulk = desk.querySelector("[data-bulk]");
const undoable = []; // what was done in this visit, the last one last
const LEAVING = new Set(["approve", "reject", "spam", "remove", "uphold"]);
const POLL = 5_000;
const AHEAD = 15; // with fewer cards left, the next ones are asked for
const ENOUGH = 50; // with more, none are

const all = () => [...list.querySelectorAll("[data-case]")];
const current = () => document.activeElement?.closest?.("[data-case]");
const say = (text) => { status.textContent = text; };
const numberOf = (card) => card.dataset.case;
const cardOf = (number) => document.getElementById(`case-${number}`);

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
  const line = card.querySelector("[data-notice]");
  line.textContent = text;
  line.hidden = !text;
}

function drawn(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.querySelector("[data-case]");
}

const tellEmpty = () => { desk.querySelector("[data-empty]").hidden = all().length > 0; };

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
  tellEmpty();
  return place;
}

function putBack({ card, next }) {
  if (next?.isConnected) next.before(card);
  else list.append(card);
  tellEmpty();
}

// What is true of a comment now, in the place of what was on the screen.
async function drawAnew(card, text = "") {
  const answer = await fetch(`${card.dataset.at}?queue=${bulk.elements.queue.value}`).catch(() => null);
  const fresh = answer?.ok ? drawn(await answer.text()) : card;
  if (fresh !== card) {
    const hadFocus = card.contains(document.activeElement);
    card.replaceWith(fresh);
    if (hadFocus) go(fresh);
  }
  notice(fresh, text);
}

// The decisions stand in the order in which they were made, whichever answer comes first.
const sent = new Map(); // by number: what was sent of it last, until it is answered
const made = new Map(); // by number: the last entry in the log that this page made
function decide(form, button, cards) {
  if (!cards.length) {
    say(desk.dataset.none);
    return;
  }
  const entry = { done: [], places: new Map() };
  undoable.push(entry);
  entry.ready = send(form, button, cards, entry);
  for (const number of cards.map(numberOf)) {
    sent.set(number, entry.ready);
    entry.ready.finally(() => { if (sent.get(number) === entry.ready) sent.delete(number); });
  }
  if (all().length < AHEAD) poll(); // now that it is known what not to ask for
}

async function send(form, button, cards, entry) {
  const data = new FormData(form);
  data.set("action", button.value);
  const earlier = cards.map((card) => sent.get(numberOf(card)));
  const leaves = LEAVING.has(button.value) || (button.value === "lift" && button.dataset.key);
  if (leaves) {
    for (const card of cards) entry.places.set(numberOf(card), takeAway(card));
  }
  say(leaves ? desk.dataset.done : "");
  // What this moderator did to a card just before is no news to them: its answer says what is seen.
  await Promise.all(earlier);
  for (const card of cards) {
    const { name, value } = (cardOf(numberOf(card)) ?? card).querySelector("[data-seen]");
    data.set(name, Math.max(value, made.get(numberOf(card)) ?? 0));
  }
  let body;
  try {
    body = await post(form.getAttribute("action"), data); // a button is named like the property
  } catch {
    [...entry.places.values()].reverse().forEach(putBack);
    say(desk.dataset.failed);
    return;
  }
  entry.done = body.done.filter((one) => one.event);
  for (const one of body.done) made.set(String(one.comment), one.seen);
  const refused = new Map(body.refused.filter((one) => one.comment).map((one) => [String(one.comment), one.message]));
  for (const [number, place] of [...entry.places].reverse()) if (refused.has(number)) putBack(place);
  await Promise.all(
    cards.map(numberOf).filter(cardOf).map((number) => drawAnew(cardOf(number), refused.get(number))),
  );
  if (body.refused.length) say(body.refused.map((one) => one.message ?? one).join(" "));
  else if (!leaves) say(desk.dataset.done);
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
  const data = new FormData(bulk);
  data.delete("comment");
  for (const one of entry.done) data.append("event", one.event);
  const body = await post(desk.dataset.undo, data).catch(() => null);
  if (!body) {
    undoable.push(entry);
    say(desk.dataset.failed);
    return;
  }
  for (const { comment } of entry.done.toReversed()) {
    const undone = body.done.find((one) => one.comment === comment);
    if (!undone) continue;
    const number = String(comment);
    made.set(number, undone.seen);
    if (!cardOf(number) && entry.places.has(number)) putBack(entry.places.get(number));
    if (!cardOf(number)) continue;
    go(cardOf(number));
    drawAnew(cardOf(number));
  }
  say(body.refused.length ? body.refused.map((one) => one.message ?? one).join(" ") : desk.dataset.undone);
}

function open(card, name) {
  const details = card.querySelector(`[data-more="${name}"]`);
  details.open = true;
  details.querySelector("textarea, select").focus();
}

// The button of a card that stands for a key.
function press(card, key) {
  const button = card.querySelector(`[data-key="${key}"]`);
  if (button) decide(button.form, button, [card]);
}

const ACTIONS = {
  j: () => step(1),
  k: () => step(-1),
  u: undo,
  "?": () => keys.showModal(),
  e: (card) => open(card, "edit"),
  b: (card) => open(card, "ban"),
  x: (card) => card.querySelector("input[type=checkbox]").click(),
};
const OF_A_CARD = new Set("arspfcebx");

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
  if (OF_A_CARD.has(key) ? !card : !ACTIONS[key]) return;
  event.preventDefault();
  if (ACTIONS[key]) ACTIONS[key](card);
  else press(card, key);
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-decide], [data-bulk]");
  if (!form || !event.submitter?.value) return;
  event.preventDefault();
  const cards = form === bulk ? ticked() : [form.closest("[data-case]")];
  decide(form, event.submitter, cards);
  tellTicked();
});

// Ticked ones.
const boxOf = (card) => card.querySelector("[name=comment][type=checkbox]");
const ticked = () => all().filter((card) => boxOf(card).checked);
const everyone = bulk.querySelector("[data-all]");
const tellTicked = () => bulk.classList.toggle("bulk--wanted", ticked().length > 0);
everyone.hidden = false;
everyone.addEventListener("change", ({ target }) => {
  for (const card of all()) boxOf(card).checked = target.checked;
  tellTicked();
});
list.addEventListener("change", tellTicked);

// Others learn what is being read here; whoever only passes by is not told of.
let taking = null;
list.addEventListener("focusin", ({ target }) => {
  clearTimeout(taking);
  taking = setTimeout(take, 250, target.closest("[data-case]"));
});

async function take(card) {
  if (!card?.isConnected) return;
  const data = new FormData(card.querySelector("[data-decide]"));
  const answer = await fetch(`${card.dataset.at}take/`, { method: "POST", body: data }).catch(() => null);
  const body = answer?.ok ? await answer.json() : {};
  card.dataset.taken = "true";
  if (body.by) notice(card, `${body.by} ${desk.dataset.handled}`);
}
setInterval(() => { if (!document.hidden) take(current()); }, 60_000);

// What comes in is added at the end, what colleagues decided goes, and nothing else moves.
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
  const cards = all();
  const shown = [...cards.map(numberOf), ...sent.keys()].join(",");
  const isFull = cards.length >= ENOUGH || "closed" in desk.dataset;
  try {
    const answer = await fetch(`${desk.dataset.moderation}&shown=${shown}${isFull ? "&full" : ""}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const body = await answer.json();
    if (posts === before) count(body.counts);
    body.cases.forEach((html) => add(drawn(html)));
    for (const card of cards) {
      if (!card.isConnected || sent.has(numberOf(card))) continue;
      const gone = body.gone[numberOf(card)];
      const by = body.handled[numberOf(card)];
      if (gone && card !== current() && posts === before) card.remove();
      else if (gone || by) notice(card, gone ?? `${by} ${desk.dataset.handled}`);
      else if ("handled" in card.dataset) notice(card, "");
      card.toggleAttribute("data-handled", Boolean(by));
    }
    tellEmpty();
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

function add(card) {
  if (document.getElementById(card.id) || sent.has(numberOf(card))) return;
  list.append(card);
  // Whoever has cleared all there was goes on with it.
  if (document.activeElement === document.body) go(card);
}

const help = desk.querySelector("[data-help]");
help.hidden = false;
help.addEventListener("click", () => keys.showModal());
go(all()[0]);
