// Shows which way the reader voted: the pressed button then takes the vote back.
import { announce } from "./comment-shown.js";

function press(form, value) {
  // A site may have no votes down.
  [...form.querySelectorAll("button")].forEach((button, index) => {
    const way = index === 0 ? 1 : -1;
    button.setAttribute("aria-pressed", value === way);
    button.value = value === way ? 0 : way;
  });
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
  if (event.detail.xhr.status < 500) announce(event.detail.xhr.responseText);
});

// The buttons are drawn anew with the answer, the same for everyone: they get back what is the
// reader's own, and the one that was pressed keeps the focus.
let cast = null;
document.addEventListener("submit", ({ target, submitter }) => {
  if (!target.matches("[data-vote]")) return;
  const index = [...target.querySelectorAll("button")].indexOf(submitter);
  cast = { number: target.dataset.vote, value: Number(submitter.value), index };
});
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (!cast || detail.elt.dataset?.vote !== cast.number) return;
  press(detail.elt, cast.value);
  detail.elt.querySelectorAll("button")[cast.index]?.focus();
});
