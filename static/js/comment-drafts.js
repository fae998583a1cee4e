// What a reader types is kept in this browser until it is posted: through a reload, a crash, a
// log-in, a failed send. The one-time key is kept with it, so that the same text sent again after a
// lost answer is one comment; another text gets another key.
const FIELDS = ["body", "name", "email", "notify", "exact", "prefix", "suffix"];
const OLDEST = 14 * 86400e3; // milliseconds

const FORMS = "[data-comment-form], [data-draft]";

const article = () => document.querySelector("[data-discussion]")?.dataset.discussion;
const valueOf = (form, name) => form.elements.namedItem(name)?.value ?? "";
const place = (form) => `draft:${form.dataset.draft ?? article()}:${valueOf(form, "parent")}:${valueOf(form, "exact")}`;

function read(form) {
  try {
    const draft = JSON.parse(localStorage.getItem(place(form)));
    return draft && Date.now() - draft.at < OLDEST ? draft : null;
  } catch {
    return null;
  }
}

function write(form, draft) {
  try {
    localStorage.setItem(place(form), JSON.stringify({ ...draft, at: Date.now() }));
  } catch {
    // No room, or not allowed: then it is kept as long as the page is open.
  }
}

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const keys = new WeakMap(); // by form: the key, and the text that was sent with it

function keyOf(form) {
  const body = form.elements.namedItem("body").value;
  let key = keys.get(form) ?? read(form)?.key;
  if (!key || key.body !== body) key = { value: newKey(), body };
  keys.set(form, key);
  return key;
}

// When this page was opened, as the server signed it; with a draft, when that one was.
let opened = "";
document.addEventListener("newsroom:personal", ({ detail }) => {
  opened ||= detail.discussion?.opened ?? "";
});

function keep(form) {
  const draft = { opened: read(form)?.opened || opened };
  for (const name of FIELDS) draft[name] = valueOf(form, name);
  const before = read(form);
  const from = before?.from ?? form.elements.namedItem("body").defaultValue;
  if (draft.body.trim() && draft.body !== from) write(form, { ...draft, from, key: keys.get(form) ?? before?.key });
  else drop(form);
}

// Posted: the text goes, and who wrote it stays, in this browser alone.
export function forget(form) {
  keys.delete(form);
  const [name, email] = ["name", "email"].map((field) => form.elements.namedItem(field).value);
  try {
    if (name && email) localStorage.setItem("guest", JSON.stringify({ name, email }));
  } catch {
    // Then it is typed anew.
  }
  drop(form);
}

function drop(form) {
  try {
    localStorage.removeItem(place(form));
  } catch {
    // Nothing was kept.
  }
}

function signIn(form) {
  let guest = {};
  try {
    guest = JSON.parse(localStorage.getItem("guest")) ?? {};
  } catch {
    // Nobody wrote here before.
  }
  for (const name of ["name", "email"]) {
    const field = form.elements.namedItem(name);
    if (field && !field.value && typeof guest[name] === "string") field.value = guest[name];
  }
}

// Fills a form with what was typed in it before, if it is empty, or holds the text that was begun from:
// a quote, one's comment as it stands. What the server gave back with an error stays.
export function restore(form) {
  signIn(form);
  const body = form.elements.namedItem("body");
  const draft = read(form);
  if (!draft) return;
  if (body.value && body.value !== draft.from) {
    // A change of what has been changed since, or by that change itself, is no draft any more.
    if (form.dataset.draft && body.value !== draft.body) drop(form);
    return;
  }
  for (const name of FIELDS) {
    const field = form.elements.namedItem(name);
    if (field && draft[name] && (name === "notify" || name === "body" || !field.value)) field.value = draft[name];
  }
}

document.addEventListener("input", ({ target }) => {
  const form = target.form;
  if (form?.matches(FORMS)) keep(form);
});

document.addEventListener("formdata", (event) => {
  const form = event.target;
  if (!form.matches(FORMS)) return;
  event.formData.set("key", keyOf(form).value);
  event.formData.set("opened", read(form)?.opened || opened);
  keep(form);
});
