// Puts new comments where they belong, without moving what the reader is reading.
// Loaded when they are asked for.

const thread = (root) => document.getElementById(`comment-${root}`)?.closest(".thread");

function keepPlace(change) {
  const inView = [...document.querySelectorAll("#comments article")].filter((comment) => {
    const { top, bottom, height } = comment.getBoundingClientRect();
    return height > 0 && bottom > 0 && top < innerHeight;
  });
  const still = inView.find((comment) => comment.getBoundingClientRect().top >= 0) ?? inView[0];
  const before = still?.getBoundingClientRect().top;
  // One hand on the scroll position: some browsers keep it by themselves, some do not.
  document.documentElement.classList.add("is-inserting");
  change();
  if (still) scrollBy({ top: still.getBoundingClientRect().top - before, behavior: "instant" });
  requestAnimationFrame(() => requestAnimationFrame(() => document.documentElement.classList.remove("is-inserting")));
}

function levelOf(line) {
  if (line.matches("article")) return Number(line.dataset.depth);
  return Number(line.className.match(/comment--(\d)/)?.[1] ?? Infinity);
}

// The last line of what stands below a comment.
function lastBelow(parent) {
  const replies = parent.parentElement.querySelector(":scope > details.replies");
  if (replies && parent.dataset.depth === "0") return replies.lastElementChild;
  let last = parent;
  while (last.nextElementSibling?.matches("article, p, form")) {
    if (levelOf(last.nextElementSibling) <= Number(parent.dataset.depth)) break;
    last = last.nextElementSibling;
  }
  return last;
}

function grow(element, texts, counted) {
  const words = element.firstChild;
  const number = Number(words.textContent.replace(/\D/g, "")) + 1;
  words.textContent = counted(texts, number);
}

function asThread(comment) {
  const box = document.createElement("div");
  box.className = "thread";
  box.append(comment);
  return box;
}

// In the order of time the newest threads stand at the top, below the pinned ones.
function placeFirst(comment) {
  const list = document.getElementById("comment-list");
  const pinned = [...list.querySelectorAll(":scope > .thread:has(.comment__mark--pinned)")].at(-1);
  if (pinned) pinned.after(asThread(comment));
  else list.prepend(asThread(comment));
}

function placeApart(comment) {
  const list = document.getElementById("comment-list");
  let group = list.querySelector(":scope > [data-live-group]");
  if (!group) {
    group = document.createElement("div");
    group.className = "live-group";
    group.toggleAttribute("data-live-group", true);
    list.prepend(group);
  }
  group.prepend(asThread(comment));
}

// Puts the comments (elements, oldest first) in their places. Returns the first of them, or the link
// behind which it is, and how many there are now.
export function insert(comments, news, texts, { counted, shown }) {
  const list = document.getElementById("comment-list");
  const order = document.querySelector("[data-sort][aria-current]")?.dataset.sort;
  const isTop = order === "newest" && !new URLSearchParams(location.search).has("after");
  const roots = new Map(news.map(([number, , root]) => [`comment-${number}`, root]));
  const placed = [];
  keepPlace(() => {
    list.querySelector(":scope > .discussion__empty")?.remove();
    for (const comment of comments) {
      if (document.getElementById(comment.id)) continue;
      const root = roots.get(comment.id);
      const parent = comment.dataset.parent && document.getElementById(`comment-${comment.dataset.parent}`);
      const box = root && thread(root);
      const summary = box?.querySelector(":scope > details > summary");
      const more = box?.querySelector(`[data-more-replies="${root}"]`);
      if (summary) grow(summary, texts.liveReplies, counted);
      if (parent) {
        lastBelow(parent).after(comment);
        // Its place says whom it answers.
        if (Number(comment.dataset.depth) <= 5) comment.querySelector(".comment__answers")?.remove();
      } else if (more) {
        grow(more, texts.liveMore, counted);
        placed.push(more);
        continue;
      } else if (box) lastBelow(document.getElementById(`comment-${root}`)).after(comment);
      else if (isTop && !root) placeFirst(comment);
      else placeApart(comment);
      placed.push(comment);
    }
    const title = document.getElementById("comments-title");
    const all = Number(title.textContent.replace(/\D/g, "")) + placed.length;
    title.textContent = counted(texts.liveTitle, all);
    shown(list);
  });
  const first = placed.find((one) => one.matches("article")) ?? placed[0] ?? null;
  return { first, number: placed.length };
}
