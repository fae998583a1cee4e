// Folds long comments, with a button that unfolds them. The one a link points at stays open.

export function fold(root = document) {
  for (const body of root.querySelectorAll("[data-fold]:not([data-folded])")) {
    const comment = body.closest("article");
    const isWanted = comment.matches(":target, [aria-current]");
    body.dataset.folded = String(!isWanted);
    if (isWanted || body.scrollHeight <= body.clientHeight) {
      body.dataset.folded = "false";
      continue;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "comment__unfold";
    button.textContent = body.dataset.fold;
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => {
      body.dataset.folded = "false";
      button.remove();
      body.tabIndex = -1;
      body.focus({ preventScroll: true });
    });
    // What has the focus inside a folded text, a link say, must be seen.
    body.addEventListener("focusin", () => button.isConnected && button.click(), { once: true });
    body.after(button);
  }
}
