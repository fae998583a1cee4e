// Tells readers whose page is open of what is new, and marks what has come since they were here.
import { announce, shown } from "./comment-shown.js";
import { counted } from "./counted.js";
import { store, stored } from "./stored.js";

const EVERY = 20_000;
const EVERY_UNSEEN = 120_000;
const GIVE_UP = 3_600_000; // without the tab being seen
const MOST_WAITS = 4; // after errors, each wait is twice as long as the one before, up to this often

const bar = () => document.querySelector("[data-live]");
const until = () => Number(bar().dataset.liveUntil);
const isShown = (number) => document.getElementById(`comment-${number}`) !== null;

let newest = []; // of the last answer: number, parent, thread, and when it became visible
let own = new Set();
let fresh = new Set(); // that came in while the page was open
let told = 0; // how many were announced last
let since = null; // what was the latest when the reader was here before

// What is new -----------------------------------------------------------------------------------

function waiting() {
  return newest.filter(([number, , , at]) => at > until() && !own.has(number) && !isShown(number));
}

function refresh() {
  if (!bar()) return;
  dropDoubles();
  const number = waiting().length;
  const button = bar().querySelector("[data-live-show]");
  button.hidden = number === 0;
  if (number) button.textContent = counted(bar().dataset.liveArrived, number);
  if (number && number !== told) announce(button.textContent);
  told = number;
  mark();
}

// What was put on top of the page may come again in its own place, with more of the list.
function dropDoubles() {
  for (const comment of document.querySelectorAll("[data-live-group] article")) {
    if (document.querySelectorAll(`[id="${comment.id}"]`).length > 1) comment.closest(".thread").remove();
  }
}

async function show() {
  const filter = document.querySelector(".discussion__filters [aria-current]");
  if (filter) {
    // Among a few chosen ones the new have no place.
    document.querySelector(".discussion__filter").click();
    return;
  }
  const taken = waiting();
  const numbers = taken.map(([number]) => number).sort((one, other) => one - other);
  if (!numbers.length) return;
  const answer = await fetch(`${bar().dataset.liveComments}?ids=${numbers.join(",")}`);
  if (!answer.ok) throw new Error(answer.statusText);
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  const { insert } = await import("./live-insert.js");
  fresh = new Set([...fresh, ...numbers]);
  const { first, number } = insert([...holder.content.querySelectorAll("article")], taken, bar().dataset, { counted, shown });
  remember(Math.max(...taken.map(([, , , at]) => at)));
  announce(counted(bar().dataset.liveAdded, number));
  if (!first) return;
  if (!first.matches("a")) first.tabIndex = -1;
  first.focus({ preventScroll: true });
}

// What is new since the last visit --------------------------------------------------------------

const visit = () => `visit-${document.querySelector("[data-discussion]").dataset.discussion}`;

function remember(latest) {
  bar().dataset.liveUntil = Math.max(until(), latest);
  store(visit(), bar().dataset.liveUntil);
  refresh();
}

function isNewSince(comment, times) {
  const number = Number(comment.id.slice("comment-".length));
  if (own.has(number)) return false;
  if (fresh.has(number)) return true;
  if (since === null || comment.querySelector(".comment__state") || !comment.querySelector(".comment-body")) return false;
  if (times.has(number)) return times.get(number) > since;
  const written = new Date(comment.querySelector(".comment__time time").dateTime).getTime() * 1000;
  return since > 0 && written > since;
}

function mark() {
  const times = new Map(newest.map(([number, , , at]) => [number, at]));
  const found = [...document.querySelectorAll("#comment-list article")].filter((one) => isNewSince(one, times));
  for (const comment of found) {
    if (comment.querySelector(".comment__new")) continue;
    const sign = document.createElement("span");
    sign.className = "comment__new";
    sign.textContent = bar().dataset.liveMark;
    comment.querySelector(".comment__time").after(" ", sign);
  }
  const link = bar().querySelector("[data-live-since]");
  const old = found.filter((one) => !fresh.has(Number(one.id.slice("comment-".length))));
  link.hidden = old.length === 0 || since === null;
  if (link.hidden) return;
  link.textContent = counted(bar().dataset.liveSinceVisit, old.length);
  link.href = `#${old[0].id}`;
}

// When to ask -----------------------------------------------------------------------------------

let timer = null;
let failures = 0;
let seenAt = Date.now();

async function ask() {
  clearTimeout(timer);
  if (!bar()) return;
  try {
    const answer = await fetch(bar().dataset.live, { cache: "no-cache" });
    if (answer.status === 404 || answer.status === 410) return; // it is gone, and so is what was new in it
    if (!answer.ok) throw new Error(answer.statusText);
    const news = await answer.json();
    failures = 0;
    newest = news.newest;
    for (const count of document.querySelectorAll("[data-comment-count]")) count.textContent = news.count;
    refresh();
  } catch {
    failures += 1;
  }
  next();
}

function next() {
  clearTimeout(timer);
  if (document.hidden && Date.now() - seenAt > GIVE_UP) return;
  const wait = document.hidden ? EVERY_UNSEEN : EVERY;
  timer = setTimeout(ask, wait * 2 ** Math.min(failures, MOST_WAITS));
}

document.addEventListener("visibilitychange", () => {
  seenAt = Date.now();
  if (document.hidden) next();
  else ask();
});

document.addEventListener("newsroom:personal", ({ detail }) => {
  own = new Set(detail.discussion?.own ?? []);
  refresh();
});
document.addEventListener("newsroom:comments", refresh);

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-live-show]");
  if (button) show().catch(() => (failures += 1));
  const link = target.closest?.("[data-live-since]");
  if (!link) return;
  const first = document.querySelector(link.getAttribute("href"));
  if (!first) return;
  first.closest("details")?.setAttribute("open", "");
  first.tabIndex = -1;
  first.focus({ preventScroll: true });
});

if (bar()) {
  const last = stored(visit());
  if (last !== null) since = Number(last);
  const hasNews = since !== null && since < until();
  store(visit(), String(Math.max(until(), since ?? 0)));
  if (hasNews) ask();
  else next();
}
