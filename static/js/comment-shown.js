// Comments that have just come onto the page become like those that came with it.
import { fold } from "./comment-fold.js";
import { writeTimes } from "./relative-time.js";

export function shown(part) {
  window.htmx?.process(part);
  writeTimes(part);
  fold(part);
  document.dispatchEvent(new CustomEvent("newsroom:comments"));
}

export function announce(text) {
  const status = document.querySelector("[data-comments-status]");
  if (status) status.textContent = text;
}
