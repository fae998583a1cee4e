// The order a reader chose is remembered in this browser, and asked for where an address names none.
const stored = () => {
  try {
    return localStorage.getItem("comment-order");
  } catch {
    return null;
  }
};

function remember(name) {
  try {
    localStorage.setItem("comment-order", name);
  } catch {
    // It is not remembered, then.
  }
}

document.addEventListener("click", ({ target }) => {
  const link = target.closest?.("[data-sort]");
  if (link) remember(link.dataset.sort);
});

function apply() {
  const named = new URLSearchParams(location.search);
  if (named.has("sort")) {
    if (document.querySelector(`[data-sort="${CSS.escape(named.get("sort"))}"]`)) remember(named.get("sort"));
    return;
  }
  const wanted = stored();
  const link = wanted && document.querySelector(`[data-sort="${CSS.escape(wanted)}"]:not([aria-current])`);
  if (!link || named.has("filter") || named.has("after") || /^#(comment-|reply)/.test(location.hash)) return;
  window.htmx?.ajax("GET", link.dataset.hxGet, { target: "#comments", swap: "outerHTML" });
}

// htmx is deferred like this module, and comes before it.
apply();
