// Words of the report that are selected can be commented on; a passage's count opens what was said.
// The panel itself is fetched when it is first wanted.
const body = document.querySelector("#article .article__body");
const discussion = document.querySelector("[data-discussion]");
const hasForm = () => document.querySelector("[data-reply-template]");
const LEAST = 3;
const MOST = 2000;
const CONTEXT = 64;

let button = null;

// What is ours in the text (counts, questions) is no part of it.
function textOf(range) {
  const part = range.cloneContents();
  for (const own of part.querySelectorAll(".passage__count")) own.remove();
  return part.textContent;
}

function around(range, isBefore) {
  const rest = document.createRange();
  rest.selectNodeContents(body);
  if (isBefore) rest.setEnd(range.startContainer, range.startOffset);
  else rest.setStart(range.endContainer, range.endOffset);
  const text = textOf(rest);
  return isBefore ? text.slice(-CONTEXT) : text.slice(0, CONTEXT);
}

function picked() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!body.contains(range.commonAncestorContainer)) return null;
  const exact = textOf(range).trim();
  return exact.length >= LEAST && exact.length <= MOST ? { range, exact } : null;
}

function hide() {
  button?.remove();
}

function offer() {
  const found = picked();
  if (!found || !hasForm()) {
    if (document.activeElement !== button) hide();
    return;
  }
  if (!button) {
    button = document.createElement("button");
    button.type = "button";
    button.className = "btn passage-offer";
    button.textContent = discussion.dataset.offer;
    // The selection would go with the press, and with it the place.
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      const { range, exact } = button.found;
      const quote = { exact, prefix: around(range, true), suffix: around(range, false) };
      hide();
      open(null, quote, range);
    });
  }
  button.found = { range: found.range.cloneRange(), exact: found.exact };
  // After the block in which the selection ends: there the Tab key comes next.
  const end = found.range.endContainer;
  const block = (end.nodeType === Node.TEXT_NODE ? end.parentElement : end).closest(".article__body > *") ?? body.lastElementChild;
  if (button.previousElementSibling !== block) block.after(button);
  const box = found.range.getBoundingClientRect();
  button.style.visibility = box.bottom < 0 || box.top > innerHeight ? "hidden" : "";
  button.style.insetBlockStart = `${Math.min(Math.max(box.bottom + 8, 8), innerHeight - 52)}px`;
  button.style.left = `${Math.min(Math.max(box.left, 8), innerWidth - button.offsetWidth - 24)}px`;
}

async function open(address, quote, back) {
  const { show } = await import("./passage-panel.js");
  show({ address, quote, back, template: hasForm(), close: discussion.dataset.close });
}

if (body && discussion?.dataset.offer) {
  let waiting = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    waiting = setTimeout(offer, 150);
  });
  document.addEventListener("scroll", () => button?.isConnected && offer(), { passive: true });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && button?.isConnected) {
      getSelection().removeAllRanges();
      hide();
    }
  });
  body.addEventListener("click", (event) => {
    const link = event.target.closest("[data-passage]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    open(link.getAttribute("href").replace(/#.*/, ""), null, link);
  });
}
