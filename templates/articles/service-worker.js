{% if is_on %}// Shows saved reports when there is no connection. It is installed by whoever saves one, answers from
// the network whenever that answers, and keeps nothing that the reader did not ask it to keep.
const SAVED = "saved-reports";
const SHELL = "shell";
const LIST = "{% url 'articles:saved' %}";
const PARTS = new Set(["style", "script", "font", "image"]);

// The list, and what it is drawn with, so that it opens without a connection.
async function keepList() {
  const shell = await caches.open(SHELL);
  const answer = await fetch(LIST, { cache: "reload" });
  const text = await answer.clone().text();
  const parts = [...text.matchAll(/(?:href|src)="(\/(?:static\/|identity-)[^"]+)"/g)];
  await Promise.all((await shell.keys()).map((key) => shell.delete(key)));
  await shell.put(LIST, answer);
  await Promise.allSettled(parts.map(([, address]) => shell.add(address)));
}

async function refresh(saved, address, answer) {
  if (answer.status === 404 || answer.status === 410) return saved.delete(address);
  if (!answer.ok || answer.redirected || /private|no-store/.test(answer.headers.get("Cache-Control"))) return;
  const headers = new Headers(answer.headers);
  headers.set("X-Saved-At", (await saved.match(address)).headers.get("X-Saved-At"));
  await saved.put(address, new Response(await answer.blob(), { headers }));
}

async function page(event) {
  const address = new URL(event.request.url).pathname;
  const saved = await caches.open(SAVED);
  const isSaved = Boolean(await saved.match(address));
  try {
    const answer = await fetch(event.request);
    if (isSaved) event.waitUntil(refresh(saved, address, answer.clone()));
    if (address === LIST) event.waitUntil(keepList().catch(() => {}));
    return answer;
  } catch (error) {
    const kept = isSaved ? await saved.match(address) : await caches.match(LIST);
    if (kept) return kept;
    throw error;
  }
}

async function part(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(request, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

addEventListener("install", (event) => event.waitUntil(keepList().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(location.origin)) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (PARTS.has(request.destination)) event.respondWith(part(request));
});
{% else %}// Switched off: forget what was kept, and go.
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) =>
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.map((name) => caches.delete(name))))
      .then(() => registration.unregister()),
  ),
);
{% endif %}
