// Writes times as people say them ("3 hours ago"), with the exact time on hover. A page that many
// caches keep cannot say how long ago something was, so the browser does.

const UNITS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];
const language = document.documentElement.lang || "en";
let words = null;
let exact = null;

function learnWords() {
  words ??= new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  exact ??= new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" });
}

export function writeTimes(root = document) {
  const elements = root.querySelectorAll("time[data-relative]");
  if (elements.length) learnWords();
  for (const element of elements) {
    const when = new Date(element.dateTime);
    if (Number.isNaN(when.getTime())) continue;
    const seconds = (when - Date.now()) / 1000;
    element.title = exact.format(when);
    if (Math.abs(seconds) > 7 * 86400) continue; // older ones are better told by their date
    const [unit, length] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? UNITS.at(-1);
    element.textContent = words.format(Math.trunc(seconds / length), unit);
  }
}

// The dates are there already, so the page comes first. Learning the words takes a phone a tenth of a
// second; half of that is due at the first use of whatever knows languages, in a turn of its own.
const whenIdle = window.requestIdleCallback ?? setTimeout; // Safari has no such callback

function inTurns([first, ...others]) {
  whenIdle(() => {
    first();
    if (others.length) inTurns(others);
  });
}

if (document.querySelector("time[data-relative]")) {
  inTurns([() => new Intl.Collator(language), learnWords, () => writeTimes()]);
}
document.addEventListener("htmx:afterSwap", () => writeTimes());
