// What a reader types is kept in this browser until it is posted: through a reload, a crash, a
// log-in, a failed send. The one-time key is kept with it, so that the same text sent again after a
// lost answer is one comment; another text gets another key.
const FIELDS = ["body", "name", "email", "notify", "exact", "prefix", "suffix"];
const OLDEST = 14 * 86400e3; // milliseconds

const article = () => document.querySelector("[data-discussion]")?.dataset.discussion;
const place = (form) => `draft:${article()}:${form.elements.namedItem("parent").value}:${form.elements.namedItem("exact").value}`;

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

function keep(form) {
  const draft = {};
  for (const name of FIELDS) draft[name] = form.elements.namedItem(name)?.value ?? "";
  if (draft.body.trim()) write(form, { ...draft, key: keys.get(form) ?? read(form)?.key });
  else forget(form);
}

export function forget(form) {
  keys.delete(form);
  try {
    localStorage.removeItem(place(form));
  } catch {
    // Nothing was kept.
  }
}

// Fills an empty form with what was typed in it before; one that the server filled stays.
export function restore(form) {
  const body = form.elements.namedItem("body");
  const draft = body.value ? null : read(form);
  if (!draft) return;
  for (const name of FIELDS) {
    const field = form.elements.namedItem(name);
    if (field && draft[name] && (name === "notify" || !field.value)) field.value = draft[name];
  }
}

document.addEventListener("input", ({ target }) => {
  const form = target.form;
  if (form?.matches("[data-comment-form]")) keep(form);
});

document.addEventListener("formdata", (event) => {
  const form = event.target;
  if (!form.matches("[data-comment-form]")) return;
  event.formData.set("key", keyOf(form).value);
  keep(form);
});
