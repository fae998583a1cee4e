// Rows that are dragged between lists by their handle: with a mouse or a finger, or lifted with
// Space or Enter, moved with the arrow keys, dropped with Enter and put back with Escape.
// Lists carry data-place and data-label, rows data-row and, when they can be moved, data-placed.
const STEPS = { ArrowUp: -1, ArrowDown: 1 };

const placedIn = (list) => [...list.querySelectorAll(":scope > [data-placed]")];
const indexOf = (row) => placedIn(row.parentElement).indexOf(row);

// Stand a row before the index-th of the placed rows of a list; those by time come after them.
function stand(row, list, index) {
  const others = placedIn(list).filter((other) => other !== row);
  const next = others[index] ?? others.at(-1)?.nextElementSibling ?? null;
  if (next === row) return;
  if (others[index] || others.length) list.insertBefore(row, next);
  else list.prepend(row);
}

export function attachSorting(root, { say, words, isBusy, dropped }) {
  let lifted = null; // { row, handle, board, list, index, by }
  const lists = () => [...root.querySelectorAll("[data-place]")];

  function lift(handle, by) {
    const row = handle.closest("[data-row]");
    const board = row.closest("[data-board]").cloneNode(true);
    lifted = { row, handle, board, list: row.parentElement, index: indexOf(row), by };
    row.classList.add("front-row--lifted");
    handle.setAttribute("aria-pressed", "true");
  }

  function letGo() {
    lifted.row.classList.remove("front-row--lifted");
    lifted.handle.removeAttribute("aria-pressed");
    const was = lifted;
    lifted = null;
    return was;
  }

  function drop() {
    const { row, board, list, index } = letGo();
    if (row.parentElement === list && indexOf(row) === index) return;
    board.querySelector(".front-row--lifted")?.classList.remove("front-row--lifted");
    dropped(row, row.parentElement.dataset.place, indexOf(row), board);
  }

  function cancel() {
    const { row, list, index, handle } = letGo();
    stand(row, list, index);
    handle.focus();
    say(words.cancelled);
  }

  function step(by) {
    const { row } = lifted;
    const list = row.parentElement;
    const index = indexOf(row) + by;
    const other = lists()[lists().indexOf(list) + by];
    if (index >= 0 && index < placedIn(list).length) stand(row, list, index);
    else if (other) stand(row, other, by > 0 ? 0 : placedIn(other).length);
    lifted.handle.focus(); // moving a row in the document takes the focus from it
    row.scrollIntoView({ block: "nearest" });
    say(words.at.replace("%s", row.parentElement.dataset.label).replace("%n", indexOf(row) + 1));
  }

  root.addEventListener("keydown", (event) => {
    const handle = event.target.closest("[data-handle]");
    if (!handle) return;
    if (!lifted && (event.key === " " || event.key === "Enter")) {
      event.preventDefault();
      if (isBusy()) return;
      lift(handle, "keys");
      say(words.lifted.replace("%s", lifted.row.querySelector("[data-headline]").textContent));
    } else if (lifted?.by === "keys") {
      if (event.key === "Tab") return cancel();
      if (event.key in STEPS) step(STEPS[event.key]);
      else if (event.key === "Enter" || event.key === " ") drop();
      else if (event.key === "Escape") cancel();
      else return;
      event.preventDefault();
    } else if (lifted && event.key === "Escape") cancel();
  });

  root.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-handle]");
    if (!handle || lifted || isBusy() || event.button !== 0) return;
    handle.focus();
    lift(handle, "pointer");
    event.preventDefault();
  });

  // On the window: a row that moves in the document would lose a captured pointer.
  addEventListener("pointermove", (event) => {
    if (lifted?.by !== "pointer") return;
    const { clientY: y } = event;
    const over = (part) => y >= part.getBoundingClientRect().top;
    const list = lists().findLast((part) => over(part.closest("section"))) ?? lists()[0];
    const others = placedIn(list).filter((row) => row !== lifted.row);
    const index = others.filter((row) => {
      const box = row.getBoundingClientRect();
      return y > box.top + box.height / 2;
    }).length;
    if (lifted.row.parentElement !== list || indexOf(lifted.row) !== index) {
      stand(lifted.row, list, index);
    }
    const edge = 60;
    if (y < edge) scrollBy(0, -12);
    else if (y > innerHeight - edge) scrollBy(0, 12);
  });
  addEventListener("pointerup", () => lifted?.by === "pointer" && drop());
  addEventListener("pointercancel", () => lifted?.by === "pointer" && cancel());
}
