// The discussion, made smooth. Without this file every link and form of it works by itself.
import "./comment-votes.js";
import { fold } from "./comment-fold.js";
import { writeTimes } from "./relative-time.js";

let person = null; // the answer of the personal request, when it has come

const section = () => document.querySelector("section#comments");

function announce(text) {
  const status = document.querySelector("[data-comments-status]");
  if (status) status.textContent = text;
}

// A one-time key makes a double click, or a retry after a lost answer, one comment.
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function prepare(form) {
  const key = form.elements.namedItem("key");
  if (key && !key.value) key.value = newKey();
  const parent = form.elements.namedItem("parent").value;
  if (parent && form.closest("#comment-list")) placeUnder(form, parent);
  for (const field of form.querySelectorAll(".comment-form__guest")) {
    field.hidden = Boolean(person?.user);
  }
}

function prepareAll() {
  for (const form of document.querySelectorAll("form[data-comment-form]")) prepare(form);
}

// Replies ------------------------------------------------------------------------------------

// Also for a form that the server sends back with its errors.
function placeUnder(form, number) {
  const depth = Number(document.getElementById(`comment-${number}`)?.dataset.depth ?? 0);
  form.dataset.replyTo = number;
  form.classList.add(`comment--${Math.min(depth + 1, 5)}`);
  form.querySelector("[data-cancel-reply]").hidden = false;
}

function closeReply(form) {
  const link = document.querySelector(`#comment-${form.dataset.replyTo} > footer [data-reply]`);
  form.remove();
  link?.focus();
}

function openReply(link) {
  const template = document.querySelector("[data-reply-template]");
  const comment = link.closest("article");
  if (!template || !comment) return false;
  document.querySelector("form[data-reply-to]")?.remove();
  const number = link.dataset.reply;
  const form = template.content.firstElementChild.cloneNode(true);
  for (const element of form.querySelectorAll("[id]")) element.id = `reply-${number}-${element.id}`;
  for (const attribute of ["for", "aria-describedby"]) {
    for (const element of form.querySelectorAll(`[${attribute}]`)) {
      element.setAttribute(attribute, `reply-${number}-${element.getAttribute(attribute)}`);
    }
  }
  form.elements.namedItem("parent").value = number;
  form.elements.namedItem("key").value = "";
  comment.after(form);
  prepare(form);
  window.htmx?.process(form);
  form.elements.namedItem("body").focus();
  return true;
}

document.addEventListener("click", (event) => {
  const reply = event.target.closest("[data-reply]");
  if (reply && !event.metaKey && !event.ctrlKey && openReply(reply)) event.preventDefault();
  const cancel = event.target.closest("[data-cancel-reply]");
  if (cancel) closeReply(cancel.closest("form"));
});

document.addEventListener("keydown", (event) => {
  const form = event.key === "Escape" && event.target.closest?.("form[data-reply-to]");
  if (form) closeReply(form);
});

// Answers to a form --------------------------------------------------------------------------

document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event;
  const form = detail.elt.closest?.("form[data-comment-form]");
  if (!form) return;
  if (detail.xhr.status >= 400) {
    // The form comes back with the message and the text.
    detail.shouldSwap = detail.xhr.status < 500;
    detail.isError = false;
    return;
  }
  detail.shouldSwap = false;
  const holder = document.createElement("template");
  holder.innerHTML = detail.serverResponse;
  const posted = holder.content.querySelector("article");
  const parent = document.getElementById(`comment-${posted.dataset.parent}`);
  if (parent) {
    parent.after(posted);
  } else {
    const thread = document.createElement("div");
    thread.className = "thread";
    thread.append(posted);
    document.querySelector(".discussion__empty")?.remove();
    document.getElementById("comment-list").prepend(thread);
  }
  if (form.dataset.replyTo || form.closest("#reply")) form.remove();
  else {
    form.elements.namedItem("body").value = "";
    form.elements.namedItem("key").value = "";
    prepare(form);
  }
  window.htmx.process(posted);
  writeTimes(posted);
  fold(posted);
  posted.tabIndex = -1;
  posted.focus();
  announce(posted.querySelector(".comment__state")?.textContent ?? posted.querySelector(".comment-body").textContent);
});

document.addEventListener("htmx:afterSwap", () => {
  restoreDraft();
  prepareAll();
  fold(section() ?? document);
  showPersonal();
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const form = detail.elt.closest?.("form[data-comment-form]");
  const failed = form?.querySelector(".is-invalid") ?? form?.querySelector("textarea");
  failed?.focus();
});

document.addEventListener("htmx:sendError", (event) => {
  const form = event.detail.elt.closest?.("form[data-comment-form]");
  if (!form) return;
  const note = form.querySelector(".alert") ?? document.createElement("p");
  note.className = "alert alert-danger";
  note.setAttribute("role", "alert");
  note.textContent = form.dataset.offline;
  form.prepend(note);
});

// Another order, or more of it ------------------------------------------------------------------

let draft = null; // what stands in the form while the section around it is drawn anew
let seen = null; // the comments there were when more were asked for

const writing = () => section()?.querySelector("form[data-comment-form]:not([data-reply-to])");

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target === section()) draft = writing() && new FormData(writing());
  seen = detail.elt.closest?.(".discussion__more")
    ? new Set(document.querySelectorAll("#comment-list article"))
    : null;
});

function restoreDraft() {
  for (const [name, value] of draft ?? []) writing().elements.namedItem(name).value = value;
  draft = null;
}

// The link is gone with the answer: reading goes on at the first comment that came.
document.addEventListener("htmx:afterSettle", () => {
  if (!seen) return;
  const first = [...document.querySelectorAll("#comment-list article")].find((a) => !seen.has(a));
  seen = null;
  if (!first) return;
  first.tabIndex = -1;
  first.focus({ preventScroll: true });
});

// What is mine -------------------------------------------------------------------------------

function showPersonal() {
  const mine = person?.discussion;
  if (!mine) return;
  for (const { parent, html } of mine.held) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const comment = holder.content.querySelector("article");
    if (document.getElementById(comment.id)) continue;
    const above = parent && document.getElementById(`comment-${parent}`);
    if (above) above.after(comment);
    else if (!parent) {
      document.querySelector(".discussion__empty")?.remove();
      document.getElementById("comment-list")?.prepend(comment);
    }
  }
  for (const number of mine.own) {
    document.querySelector(`#comment-${number} .vote`)?.toggleAttribute("data-own", true);
  }
  document.dispatchEvent(new CustomEvent("newsroom:votes", { detail: mine.votes }));
  if (mine.moderation) offerModeration(mine.moderation);
}

function offerModeration({ label, address }) {
  for (const actions of document.querySelectorAll(".comment__actions:not(:has(.comment__moderate))")) {
    const link = document.createElement("a");
    link.className = "comment__moderate";
    link.href = address.replace("/0/", `/${actions.closest("article").id.slice("comment-".length)}/`);
    link.textContent = label;
    actions.append(link);
  }
}

document.addEventListener("newsroom:personal", (event) => {
  person = event.detail;
  prepareAll();
  showPersonal();
});

prepareAll();
fold();
