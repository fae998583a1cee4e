// The discussion, made smooth. Without this file every link and form of it works by itself.
import "./comment-order.js";
import "./comment-replies.js";
import "./comment-votes.js";
import "./follow.js";
import { fold } from "./comment-fold.js";
import { restore } from "./comment-drafts.js";
import { place, prepareAll } from "./comment-form.js";
import { shown } from "./comment-shown.js";

let mine = null; // the reader's own part, when the personal request has come

const section = () => document.querySelector("section#comments");

document.addEventListener("htmx:afterSwap", () => {
  prepareAll();
  fold(section() ?? document);
  showPersonal();
  document.dispatchEvent(new CustomEvent("newsroom:comments"));
});

// Another order, or more of it: the link is gone with the answer, so reading goes on at the first
// comment that came, or at the order that was chosen.
let seen = null;
let chosen = null;

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  seen = detail.elt.closest?.(".discussion__more") ? new Set(document.querySelectorAll("#comment-list article")) : null;
  const link = detail.requestConfig.elt.closest?.(".discussion__bar a");
  chosen = link ? link.dataset.hxGet : null;
});

document.addEventListener("htmx:afterSettle", () => {
  if (chosen) {
    const again = document.querySelector(`.discussion__bar a[data-hx-get="${CSS.escape(chosen)}"]`);
    (again ?? document.querySelector(".discussion__bar a")).focus({ preventScroll: true });
    chosen = null;
  }
  if (!seen) return;
  const first = [...document.querySelectorAll("#comment-list article")].find((a) => !seen.has(a));
  seen = null;
  if (!first) return;
  first.tabIndex = -1;
  first.focus({ preventScroll: true });
});

// What is mine ---------------------------------------------------------------------------------------

function showPersonal() {
  if (!mine) return;
  for (const { html } of mine.held) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const comment = holder.content.querySelector("article");
    if (!document.getElementById(comment.id)) place(comment);
  }
  for (const number of mine.own) {
    document.querySelector(`#comment-${number} .vote`)?.toggleAttribute("data-own", true);
  }
  for (const { number, until, address, label } of mine.changeable) {
    const comment = document.getElementById(`comment-${number}`);
    if (comment && new Date(until) > Date.now()) offer(comment, "comment__change", address, label);
  }
  document.dispatchEvent(new CustomEvent("newsroom:votes", { detail: mine.votes }));
  if (mine.moderation) offerModeration(mine.moderation);
}

function offer(comment, name, address, label) {
  let actions = comment.querySelector(".comment__actions");
  if (!actions) {
    actions = document.createElement("footer");
    actions.className = "comment__actions";
    comment.append(actions);
  }
  if (actions.querySelector(`.${name}`)) return;
  const link = document.createElement("a");
  link.className = name;
  link.href = address;
  link.textContent = label;
  actions.append(link);
}

function offerModeration({ label, address }) {
  for (const comment of document.querySelectorAll("#comments article:has(.comment__actions)")) {
    offer(comment, "comment__moderate", address.replace("/0/", `/${comment.id.slice("comment-".length)}/`), label);
  }
}

document.addEventListener("newsroom:personal", ({ detail }) => {
  mine = detail.discussion;
  showPersonal();
  const list = document.getElementById("comment-list");
  if (list && mine?.held.length) shown(list);
});
document.addEventListener("newsroom:comments", showPersonal);
document.addEventListener("newsroom:panel", ({ detail }) => shown(detail));

prepareAll();
for (const form of document.querySelectorAll("[data-draft]")) restore(form);
fold();
