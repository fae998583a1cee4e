// Writes times as people say them ("3 hours ago"), with the exact time on hover. A page that many
// caches keep cannot say how long ago something was, so the browser does.

const UNITS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];
const language = document.documentElement.lang || "en";
const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
const exact = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" });

export function writeTimes(root = document) {
  for (const element of root.querySelectorAll("time[data-relative]")) {
    const when = new Date(element.dateTime);
    if (Number.isNaN(when.getTime())) continue;
    const seconds = (when - Date.now()) / 1000;
    element.title = exact.format(when);
    if (Math.abs(seconds) > 7 * 86400) continue; // older ones are better told by their date
    const [unit, length] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? UNITS.at(-1);
    element.textContent = words.format(Math.trunc(seconds / length), unit);
  }
}

writeTimes();
document.addEventListener("htmx:afterSwap", () => writeTimes());
