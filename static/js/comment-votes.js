// Shows which way the reader voted: the pressed button then takes the vote back.

function press(form, value) {
  const [up, down] = form.querySelectorAll("button");
  up.setAttribute("aria-pressed", value === 1);
  up.value = value === 1 ? "0" : "1";
  down.setAttribute("aria-pressed", value === -1);
  down.value = value === -1 ? "0" : "-1";
}

document.addEventListener("newsroom:votes", ({ detail: votes }) => {
  for (const [number, value] of Object.entries(votes)) {
    const form = document.querySelector(`[data-vote="${number}"]`);
    if (form) press(form, value);
  }
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const form = event.detail.elt.closest?.("[data-vote]");
  if (!form || event.detail.xhr.status < 400) return;
  // A refused vote (on one's own comment, say) changes nothing; say so where it was cast.
  event.detail.isError = false;
  form.classList.add("vote--refused");
});

// The buttons are drawn anew with the answer, so the one that was pressed keeps the focus.
let pressed = null;
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.detail.elt.closest?.("[data-vote]");
  pressed = form ? [form.dataset.vote, [...form.querySelectorAll("button")].indexOf(document.activeElement)] : null;
});
document.addEventListener("htmx:afterSwap", () => {
  if (!pressed) return;
  const [number, index] = pressed;
  document.querySelectorAll(`[data-vote="${number}"] button`)[index]?.focus();
  pressed = null;
});
