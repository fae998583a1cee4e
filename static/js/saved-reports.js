// The page of saved reports: read out of this browser's cache, which the server never sees.
const SAVED = "saved-reports";
const root = document.querySelector("[data-saved-reports]");

if (root && "caches" in window) {
  const list = root.querySelector("[data-list]");
  const row = root.querySelector("template");
  const none = root.querySelector("[data-none]");
  const all = root.querySelector("[data-remove-all]");

  root.querySelector("[data-needs-script]").hidden = true;
  root.querySelector("[data-offline]").hidden = location.pathname === root.dataset.savedReports;

  async function reports(saved) {
    const pages = (await saved.keys()).filter((key) => new URL(key.url).pathname.startsWith("/articles/"));
    const found = await Promise.all(
      pages.map(async (key) => {
        const answer = await saved.match(key);
        const text = await answer.text();
        // Only what is shown of it: parsed whole, its other parts would be judged as if they were here.
        const parts = [/<article id="article"[^>]*>/, /<h1[^>]*>[^<]*<\/h1>/].map((part) => text.match(part));
        const page = new DOMParser().parseFromString(parts.map((part) => part?.[0]).join(""), "text/html");
        const article = page.querySelector("#article");
        return {
          address: new URL(key.url).pathname,
          headline: page.querySelector("h1")?.textContent ?? key.url,
          language: article?.lang ?? "",
          direction: article?.dir ?? "auto",
          at: new Date(answer.headers.get("X-Saved-At") ?? 0),
        };
      }),
    );
    return found.sort((one, other) => other.at - one.at);
  }

  async function show() {
    const saved = await caches.open(SAVED);
    const found = await reports(saved);
    list.replaceChildren(
      ...found.map((report) => {
        const item = row.content.cloneNode(true);
        const link = item.querySelector("a");
        link.href = report.address;
        link.textContent = report.headline;
        link.lang = report.language;
        link.dir = report.direction;
        const time = item.querySelector("time");
        time.dateTime = report.at.toISOString();
        time.textContent = report.at.toLocaleDateString(document.documentElement.lang, { dateStyle: "long" });
        const button = item.querySelector("button");
        button.setAttribute("aria-label", `${button.textContent}: ${report.headline}`);
        button.addEventListener("click", async () => {
          await saved.delete(report.address);
          await show();
          root.querySelector("h1").focus();
        });
        return item;
      }),
    );
    none.hidden = found.length > 0;
    all.hidden = found.length < 2;
  }

  all.addEventListener("click", async () => {
    await caches.delete(SAVED); // pictures and all
    await show();
    root.querySelector("h1").focus();
  });
  show();
}
