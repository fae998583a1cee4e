// The bubble: a way to the form from anywhere in a report. Without this file it is a plain link.
import { store, stored } from "./stored.js";

const CLOSED = "bubble-closed"; // for good
const SAID = "bubble-said"; // once per visit
const READING_TIME = 30_000;
const SETTLED = 2_000; // a place that the browser itself goes back to is not read yet

const bubble = document.querySelector("[data-bubble]");

function field() {
  return document.querySelector("section#comments form[data-comment-form] textarea");
}

function attach() {
  const text = bubble.querySelector("[data-bubble-text]");
  const close = bubble.querySelector("[data-bubble-close]");
  const body = document.querySelector(".article__body");
  const opened = Date.now();
  let hasScrolled = false;
  let hasWritten = false;

  const hush = () => text.replaceChildren();

  function hasRead() {
    if (!body) return false;
    const { top, bottom, height } = body.getBoundingClientRect();
    const time = Date.now() - opened;
    if (bottom <= innerHeight && hasScrolled && time > SETTLED) return true;
    return time > READING_TIME && (innerHeight - top) / height >= 0.6;
  }

  function speak() {
    if (hasWritten || stored(SAID, "sessionStorage")) return stop();
    if (document.hidden || bubble.hasAttribute("data-away") || !hasRead()) return;
    stop();
    store(SAID, "1", "sessionStorage");
    const link = document.createElement("a");
    link.href = bubble.querySelector(".bubble__link").getAttribute("href");
    link.textContent = bubble.dataset.bubble;
    text.append(link);
  }

  const clock = setInterval(speak, 1000);
  const scrolled = () => {
    hasScrolled = true;
    speak();
  };
  function stop() {
    clearInterval(clock);
    removeEventListener("scroll", scrolled);
  }
  addEventListener("scroll", scrolled, { passive: true });

  document.addEventListener("newsroom:personal", ({ detail }) => {
    hasWritten ||= Boolean(detail.discussion?.own.length || detail.discussion?.held.length);
  });

  bubble.addEventListener("click", (event) => {
    if (event.target.closest("[data-bubble-close]")) {
      store(CLOSED, "1");
      stop();
      bubble.hidden = true;
      document.querySelector("#main").focus({ preventScroll: true });
    } else if (event.target.closest("a") && !event.ctrlKey && !event.metaKey && !event.shiftKey && field()) {
      event.preventDefault();
      hush();
      field().focus({ preventScroll: true });
      field().scrollIntoView({ block: "center" });
    }
  });
  bubble.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !text.firstChild) return;
    if (text.contains(document.activeElement)) bubble.querySelector(".bubble__link").focus();
    hush();
  });

  // It is out of the way where a form is, and at the end of the page.
  const inView = new Set();
  const watcher = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) inView.add(target);
      else inView.delete(target);
    }
    bubble.toggleAttribute("data-away", inView.size > 0);
  });
  const watch = () => {
    watcher.disconnect();
    inView.clear();
    for (const part of document.querySelectorAll("form[data-comment-form], .footer")) watcher.observe(part);
  };
  watch();
  for (const change of ["newsroom:comments", "newsroom:form"]) document.addEventListener(change, watch);

  close.hidden = false;
  bubble.toggleAttribute("data-ready", true);
}

if (bubble) {
  if (stored(CLOSED)) bubble.hidden = true;
  else attach();
}
