// The bar that follows a discussion: accounts need no address, and see what they follow already.
function dress(form, user, kind) {
  for (const part of form.querySelectorAll("[data-follow-guest]")) part.hidden = Boolean(user);
  const none = form.querySelector("[data-follow-none]");
  none.hidden = !kind;
  if (kind) form.elements.namedItem("kind").value = kind;
}

let person = null;

function dressAll() {
  for (const form of document.querySelectorAll("[data-follow]")) {
    if (person) dress(form, person.user, person.discussion?.following);
  }
}

document.addEventListener("newsroom:personal", ({ detail }) => {
  person = detail;
  dressAll();
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!detail.elt.matches?.("[data-follow]") || detail.xhr.status >= 500) return;
  detail.shouldSwap = true;
  detail.isError = false;
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  dressAll();
  if (!detail.elt.matches?.("[data-follow]")) return;
  const wrong = detail.elt.querySelector("[aria-invalid]");
  (wrong ?? detail.elt.querySelector("[role=status]")).focus();
});
