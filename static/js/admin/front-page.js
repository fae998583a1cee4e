// Arranging the front page without loading it anew: each form is sent in the background, and its
// answer is the board as it stands then. Rows are dragged by pointer or by keyboard; what is dropped
// is shown at once and saved with one request. Without this script the forms' buttons do it all.
import { attachSorting } from "./sorting.js";

const page = document.querySelector("[data-front-page]");

if (page) {
  const live = page.querySelector("[data-live]");
  const alert = page.querySelector("[data-alert]");
  const search = page.querySelector("[data-search]");
  const board = () => page.querySelector("[data-board]");
  let isSaving = false;

  const say = (text) => (live.textContent = text);
  const warn = (text) => {
    alert.textContent = text;
    alert.hidden = !text;
  };

  function ready() {
    page.querySelectorAll("[data-handle], [data-help]").forEach((part) => (part.hidden = false));
  }

  async function fetchPart(part, address, options = {}) {
    const answer = await fetch(address, { ...options, headers: { "X-Part": part } });
    const text = await answer.text();
    const found = new DOMParser().parseFromString(text, "text/html").querySelector(`[data-${part}]`);
    if (!found) throw new Error(answer.statusText);
    return { answer, found };
  }

  function show(found) {
    board().replaceWith(found);
    ready();
    // The forms beside the board speak of the same arrangement.
    for (const field of page.querySelectorAll("[name=seen]")) field.value = found.dataset.version;
  }

  // Send a change. What the board showed before comes back when it cannot be saved.
  async function save(data, { before = board().cloneNode(true), focus }) {
    if (isSaving) return;
    isSaving = true;
    page.setAttribute("aria-busy", "true");
    try {
      const { answer, found } = await fetchPart("board", location.href, {
        method: "POST",
        body: data,
      });
      show(found);
      if (answer.ok) say(found.dataset.said);
      warn(answer.ok ? "" : found.dataset.said);
      find(); // not waited for: the next change may come at once
    } catch {
      show(before);
      warn(page.dataset.failed);
    } finally {
      isSaving = false;
      page.removeAttribute("aria-busy");
      focus?.();
    }
  }

  async function find() {
    if (!search) return;
    const query = search.elements.q.value;
    try {
      const { found } = await fetchPart("found", `?${new URLSearchParams({ q: query })}`);
      if (query === search.elements.q.value) page.querySelector("[data-found]").replaceWith(found);
    } catch {
      // What was found before stays; the button beside the field searches anew.
    }
  }

  const focusRow = (number) => {
    const row = board().querySelector(`[data-row="${number}"]`);
    (row?.querySelector("[data-handle]") ?? row?.querySelector("button"))?.focus();
  };

  page.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.target === search) return find();
    const data = new FormData(event.target, event.submitter);
    return save(data, { focus: () => focusRow(data.get("article")) });
  });

  let typing;
  search?.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(find, 200);
  });

  attachSorting(page, {
    say,
    words: page.dataset,
    isBusy: () => isSaving,
    dropped(row, place, index, before) {
      const data = new FormData(row.querySelector("form"));
      data.set("action", "move");
      data.set("place", place);
      data.set("index", index);
      save(data, { before, focus: () => focusRow(row.dataset.row) });
    },
  });
  ready();
}
