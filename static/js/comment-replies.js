// Answering in place, quoting, and the replies that a page leaves out.
import { prepare } from "./comment-form.js";
import { shown } from "./comment-shown.js";

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

// The words of a comment without what it quotes itself, each line behind a >.
function quoteOf(comment) {
  const body = comment.querySelector(".comment-body").cloneNode(true);
  for (const quote of body.querySelectorAll("blockquote")) quote.remove();
  for (const spoiler of body.querySelectorAll(".spoiler")) spoiler.replaceWith("…");
  const picked = getSelection().toString().trim();
  const isWithin = picked && comment.querySelector(".comment-body").contains(getSelection().anchorNode);
  const text = (isWithin ? picked : body.innerText || body.textContent).trim().slice(0, 500);
  return text ? `${text.split(/\n+/).map((line) => `> ${line}`).join("\n")}\n\n` : "";
}

function openReply(link) {
  const template = document.querySelector("[data-reply-template]");
  const comment = link.closest("article");
  if (!template || !comment) return false;
  const number = link.dataset.reply;
  const quote = "quote" in link.dataset ? quoteOf(comment) : "";
  let form = document.querySelector("form[data-reply-to]");
  if (form?.dataset.replyTo !== number) {
    form?.remove();
    form = template.content.firstElementChild.cloneNode(true);
    for (const element of form.querySelectorAll("[id]")) element.id = `reply-${number}-${element.id}`;
    for (const attribute of ["for", "aria-describedby"]) {
      for (const element of form.querySelectorAll(`[${attribute}]`)) {
        element.setAttribute(attribute, `reply-${number}-${element.getAttribute(attribute)}`);
      }
    }
    form.elements.namedItem("parent").value = number;
    comment.after(form);
    prepare(form);
    window.htmx?.process(form);
  }
  const body = form.elements.namedItem("body");
  if (quote) {
    body.value = body.value ? `${body.value.trimEnd()}\n\n${quote}` : quote;
    body.dispatchEvent(new Event("input", { bubbles: true }));
  }
  body.focus();
  body.setSelectionRange(body.value.length, body.value.length);
  return true;
}

document.addEventListener("newsroom:form", ({ target: form }) => {
  // Also one that the server sends back with its errors.
  const parent = form.elements.namedItem("parent").value;
  if (parent && form.closest("#comment-list")) placeUnder(form, parent);
});

// What a page leaves out: it comes in its place, among what is there already ----------------------

function merge(lines, after, list) {
  let last = after;
  let first = null;
  for (const line of lines) {
    const present = line.id && document.getElementById(line.id);
    if (present) {
      last = present;
      continue;
    }
    while (last.nextElementSibling?.matches("form")) last = last.nextElementSibling;
    last.after(line);
    if (line.matches("article")) first ??= line;
    last = line;
  }
  shown(list);
  return first;
}

async function showMore(link) {
  const note = link.parentElement;
  link.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(link.href, { headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(answer.statusText);
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    // A further page goes on where its link stood; a first one fills up what is shown below the comment.
    const isFurther = new URL(link.href).searchParams.has("after");
    const above = document.getElementById(`comment-${link.dataset.moreReplies}`);
    const summary = note.closest("details")?.querySelector("summary");
    const after = isFurther || !above ? note : above.matches("details *") || !summary ? above : summary;
    for (const line of holder.content.querySelectorAll("[data-more-replies]")) {
      document.querySelectorAll(`[data-more-replies="${line.dataset.moreReplies}"]`).forEach((old) => {
        if (old !== link) old.parentElement.remove();
      });
    }
    const first = merge([...holder.content.children], after, note.parentElement);
    note.remove();
    if (!first) return;
    first.tabIndex = -1;
    first.focus({ preventScroll: true });
  } catch {
    location.assign(link.href);
  }
}

document.addEventListener("click", (event) => {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  const reply = event.target.closest("[data-reply]");
  if (reply && openReply(reply)) event.preventDefault();
  const cancel = event.target.closest("[data-cancel-reply]");
  if (cancel) closeReply(cancel.closest("form"));
  const more = event.target.closest("[data-more-replies]");
  if (more) {
    event.preventDefault();
    showMore(more);
  }
});

document.addEventListener("keydown", (event) => {
  const form = event.key === "Escape" && event.target.closest?.("form[data-reply-to]");
  if (form) closeReply(form);
});
