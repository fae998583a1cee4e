// The forms of a discussion: what is mine in them, and what the server answers to them.
import { forget, restore } from "./comment-drafts.js";
import { announce, shown } from "./comment-shown.js";

let hasAccount = false;
let banned = ""; // what who may not write is told, before they have written

export function prepare(form) {
  restore(form);
  for (const field of form.querySelectorAll(".comment-form__guest")) field.hidden = hasAccount;
  if (banned) complain(form, banned);
  form.dispatchEvent(new CustomEvent("newsroom:form", { bubbles: true }));
}

export function prepareAll() {
  for (const form of document.querySelectorAll("form[data-comment-form]")) prepare(form);
}

document.addEventListener("newsroom:form-added", ({ detail }) => prepare(detail));

document.addEventListener("newsroom:personal", ({ detail }) => {
  hasAccount = Boolean(detail.user);
  banned = detail.discussion?.banned ?? "";
  prepareAll();
});

// Under what it answers, or as a thread of its own at the top.
export function place(posted) {
  const parent = document.getElementById(`comment-${posted.dataset.parent}`);
  if (parent) {
    parent.after(posted);
    return;
  }
  const list = document.getElementById("comment-list");
  if (posted.dataset.parent || !list || list.matches(".thread")) return; // a page of another thread
  const thread = document.createElement("div");
  thread.className = "thread";
  thread.append(posted);
  document.querySelector(".discussion__empty")?.remove();
  list.prepend(thread);
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event;
  const form = detail.elt.closest?.("form[data-comment-form]");
  if (!form) return;
  if (detail.xhr.status >= 400) {
    if (ask(form, detail.serverResponse)) {
      detail.shouldSwap = false;
      detail.isError = false;
      return;
    }
    // The form comes back with the message and the text; from a broken server, nothing does.
    detail.shouldSwap = /^\s*<form/.test(detail.xhr.responseText);
    detail.isError = false;
    if (!detail.shouldSwap) complain(form, whatIsWrong(form, detail.xhr));
    return;
  }
  const holder = document.createElement("template");
  holder.innerHTML = detail.serverResponse;
  const posted = [...holder.content.children].find((element) => element.matches("article"));
  if (!posted) return; // a preview, with the form below it
  detail.shouldSwap = false;
  asked.delete(form);
  forget(form);
  // The same comment may be there already, when the first answer was lost.
  document.getElementById(posted.id)?.remove();
  place(posted);
  if (form.closest("dialog")) {
    form.dispatchEvent(new CustomEvent("newsroom:posted", { bubbles: true, detail: { form, posted } }));
    shown(posted.parentElement);
    document.dispatchEvent(new CustomEvent("newsroom:ask"));
    return;
  }
  if (form.dataset.replyTo || form.closest("#reply")) form.remove();
  else {
    form.elements.namedItem("body").value = "";
    form.querySelector("[data-preview]")?.remove();
    for (const note of form.querySelectorAll(".alert, [data-challenge]")) note.remove();
  }
  shown(posted.parentElement);
  posted.tabIndex = -1;
  posted.focus();
  document.dispatchEvent(new CustomEvent("newsroom:ask")); // what is mine has become more
  announce(posted.querySelector(".comment__state")?.textContent ?? posted.querySelector(".comment-body").textContent);
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const form = detail.elt.closest?.("form[data-comment-form]");
  const next = form?.querySelector(".is-invalid") ?? form?.querySelector("[data-preview]") ?? form?.querySelector(".alert, textarea");
  if (next?.matches(".alert")) next.tabIndex = -1;
  next?.focus();
});

function whatIsWrong({ dataset }, { status, responseText }) {
  if (status === 413 || status === 429) return responseText;
  return status === 404 || status === 410 ? dataset.gone : dataset.offline;
}

// What looks automatic is asked to calculate something; that done, it goes out again by itself, once.
const asked = new WeakSet();

function ask(form, html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const box = holder.content.querySelector("[data-challenge]:only-child");
  if (!box) return false;
  box.dataset.challengeAsked = "";
  for (const note of form.querySelectorAll(".alert, [data-challenge]")) note.remove();
  form.append(box); // below the button, which stays the one that Enter presses
  box.focus();
  const isFirst = !asked.has(form);
  asked.add(form);
  import("./challenge.js")
    .then(({ prove }) => prove(box))
    .then(() => isFirst && box.isConnected && form.requestSubmit(form.querySelector(".btn-primary")))
    .catch(() => {}); // the box holds another way
  return true;
}

function complain(form, text) {
  const note = form.querySelector(".alert") ?? document.createElement("p");
  note.className = "alert alert-danger";
  note.setAttribute("role", "alert");
  note.textContent = text;
  form.prepend(note);
}

document.addEventListener("htmx:sendError", ({ detail }) => {
  const form = detail.elt.closest?.("form[data-comment-form]");
  if (form) complain(form, form.dataset.offline);
});
