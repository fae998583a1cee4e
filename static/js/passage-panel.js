// A panel beside the text (a sheet on a phone): a passage, what was said about it, and a form. It is
// loaded on its own, so it imports nothing of what the page runs already; they talk by events.

let dialog = null;

function made(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

// What is in the page already keeps its names.
function rename(part) {
  for (const element of part.querySelectorAll("[id]")) element.id = `panel-${element.id}`;
  for (const name of ["for", "aria-describedby", "aria-labelledby"]) {
    for (const element of part.querySelectorAll(`[${name}]`)) {
      element.setAttribute(name, element.getAttribute(name).split(" ").map((id) => `panel-${id}`).join(" "));
    }
  }
}

function fill(form, quote) {
  for (const [name, value] of Object.entries(quote)) form.elements.namedItem(name).value = value;
  form.elements.namedItem("parent").value = "";
}

function shut(back) {
  dialog.remove();
  dialog = null;
  if (back instanceof Element) back.focus();
  else if (back) {
    // Back among the words that were selected.
    const place = back.startContainer.parentElement;
    place.tabIndex = -1;
    place.focus({ preventScroll: true });
  }
}

async function found(address) {
  const answer = await fetch(address, { headers: { "HX-Request": "true" } });
  if (!answer.ok) throw new Error(answer.statusText);
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  return holder.content;
}

export async function show({ address, quote, back, template, close }) {
  dialog?.remove();
  let part = new DocumentFragment();
  try {
    if (address) part = await found(address);
  } catch {
    location.assign(address);
    return;
  }
  if (quote) part.prepend(made("blockquote", { className: "comment__quote passage-quote", dir: "auto", textContent: quote.exact }));
  const words = part.querySelector(".passage-quote");
  quote ??= { exact: words.dataset.passageExact, prefix: words.dataset.passagePrefix, suffix: words.dataset.passageSuffix };
  const isSaid = part.querySelector("article");
  rename(part);
  words.id = "panel-words";
  const closer = made("button", { type: "button", className: "passage-panel__close", textContent: "×" });
  closer.setAttribute("aria-label", close);
  dialog = made("dialog", { className: "passage-panel" }, closer, part);
  dialog.setAttribute("aria-labelledby", "panel-words");
  let form = null;
  if (template) {
    form = template.content.firstElementChild.cloneNode(true);
    rename(form);
    fill(form, quote);
    dialog.append(form);
  }
  closer.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => shut(back));
  // What was posted shows here too; its own place is in the discussion.
  dialog.addEventListener("newsroom:posted", ({ detail: { posted, form: sent } }) => {
    const copy = posted.cloneNode(true);
    copy.removeAttribute("id");
    sent.replaceWith(copy);
    copy.tabIndex = -1;
    copy.focus();
  });
  document.body.append(dialog);
  if (form) {
    window.htmx?.process(form);
    document.dispatchEvent(new CustomEvent("newsroom:form-added", { detail: form }));
  }
  document.dispatchEvent(new CustomEvent("newsroom:panel", { detail: dialog }));
  dialog.showModal();
  // Where something was said already, it is read first.
  (isSaid ? closer : form?.elements.namedItem("body") ?? closer).focus();
}
