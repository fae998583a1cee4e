// "Save for later": keeps the report, its pictures and its dress in this browser. Nothing is sent.
const SAVED = "saved-reports";
const button = document.querySelector("[data-save]");
const canSave = "caches" in window && "serviceWorker" in navigator;
const said = document.querySelector("[data-save-said]");

if (button && canSave) {
  const address = location.pathname;

  const show = (isSaved) => {
    button.setAttribute("aria-pressed", isSaved);
    button.textContent = isSaved ? button.dataset.saved : button.dataset.label;
  };

  async function keep(saved) {
    const page = await fetch(address, { cache: "no-cache" });
    if (!page.ok) throw new Error(page.statusText);
    const headers = new Headers(page.headers);
    headers.set("X-Saved-At", new Date().toISOString());
    const parts = [
      ...[...document.querySelectorAll("link[rel=stylesheet], link[as=font]")].map((l) => l.href),
      ...[...document.querySelectorAll("#article img")].map((image) => image.currentSrc || image.src),
      ...performance.getEntriesByType("resource").map((entry) => entry.name),
    ].filter((one) => new URL(one).origin === location.origin && /\/(static|media)\/|\/identity-/.test(one));
    // A picture that cannot be had is no reason to go without the text.
    await Promise.allSettled([...new Set(parts)].map((one) => saved.add(one)));
    await saved.put(address, new Response(await page.blob(), { headers }));
    await navigator.serviceWorker.register(button.dataset.worker);
    await navigator.serviceWorker.ready;
  }

  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const saved = await caches.open(SAVED);
      const isSaved = Boolean(await saved.match(address));
      if (isSaved) await saved.delete(address);
      else await keep(saved);
      show(!isSaved);
      said.textContent = isSaved ? "" : button.dataset.done;
    } catch (error) {
      const isFull = error.name === "QuotaExceededError";
      said.textContent = isFull ? button.dataset.full : button.dataset.failed;
    } finally {
      button.disabled = false;
      button.focus();
    }
  });

  caches.open(SAVED).then(async (saved) => {
    show(Boolean(await saved.match(address)));
  }, () => {}); // storage is barred: the button stays away
}
