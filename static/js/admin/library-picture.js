// The body editor's picture button: a dialog finds a picture in the media library and asks for its
// words, which may differ from text to text; then it stands in the text as a preserved block.
import { Extension } from "django-prose-editor/editor";

const translated = (text) => window.gettext?.(text) ?? text;

function made(name, properties = {}, children = []) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in element) element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

// A figure with the picture as it is stored. Without words it has no alternative at all, which is
// asked for before readers see it; an empty one says that it is decorative.
function figureOf(picture, { alt, isDecorative, caption }) {
  const image = made("img");
  image.setAttribute("src", picture.src);
  if (alt || isDecorative) image.setAttribute("alt", isDecorative ? "" : alt);
  if (picture.width && picture.height) {
    image.setAttribute("width", picture.width);
    image.setAttribute("height", picture.height);
  }
  return made("figure", {}, caption ? [image, made("figcaption", { textContent: caption })] : [image]);
}

class PictureDialog {
  constructor(address, insert) {
    this.address = address;
    this.insert = insert;
    this.asked = 0;
    this.picture = null;
    this.build();
  }

  build() {
    this.search = made("input", { type: "search", className: "picture-dialog__search", name: "q" });
    this.list = made("ul", { className: "picture-dialog__list" });
    this.said = made("p", { className: "desk-hint", role: "status" });
    this.more = this.button(translated("Show more"), () => this.find(this.last));
    this.alt = made("input", { type: "text", name: "alt", maxLength: 500 });
    this.decorative = made("input", { type: "checkbox", name: "decorative" });
    this.caption = made("textarea", { name: "caption", rows: 2 });
    this.submit = made("button", { className: "desk-button desk-button--main", textContent: translated("Insert") });
    const field = (text, input) => made("label", { className: "picture-dialog__field" }, [made("span", { textContent: text }), input]);
    this.words = made("form", { className: "picture-dialog__words", hidden: true }, [
      field(translated("Text alternative"), this.alt),
      made("label", { className: "picture-dialog__tick" }, [this.decorative, translated("Decorative: it tells nothing that the text does not")]),
      field(translated("Caption"), this.caption),
      made("p", { className: "desk-actions" }, [this.submit]),
    ]);
    this.dialog = made("dialog", { className: "picture-dialog", "aria-label": translated("Insert a picture") }, [
      made("div", { className: "picture-dialog__head" }, [
        made("label", { className: "picture-dialog__field" }, [made("span", { textContent: translated("Search the media library") }), this.search]),
        this.button(translated("Close"), () => this.dialog.close()),
      ]),
      made("div", { className: "picture-dialog__found" }, [this.list, this.said, this.more]),
      this.words,
    ]);

    let typing;
    this.search.addEventListener("input", () => {
      clearTimeout(typing);
      typing = setTimeout(() => this.find(), 200);
    });
    this.decorative.addEventListener("change", () => (this.alt.disabled = this.decorative.checked));
    this.words.addEventListener("submit", (event) => {
      event.preventDefault();
      this.dialog.close();
      this.insert(figureOf(this.picture, {
        alt: this.alt.value.trim(), isDecorative: this.decorative.checked, caption: this.caption.value.trim(),
      }));
    });
    this.dialog.addEventListener("close", () => this.dialog.remove());
  }

  button(text, pressed) {
    const button = made("button", { type: "button", className: "desk-button", textContent: text });
    button.addEventListener("click", pressed);
    return button;
  }

  open() {
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.search.focus();
    this.find();
  }

  // Show what matches; after a given picture, what follows it.
  async find(after) {
    const asked = ++this.asked;
    const query = new URLSearchParams({ q: this.search.value, ...(after && { before: after }) });
    let found;
    try {
      const answer = await fetch(`${this.address}?${query}`);
      found = await answer.json();
      if (!answer.ok) throw new Error(found.error);
    } catch {
      if (asked === this.asked) this.said.textContent = translated("The pictures could not be fetched.");
      return;
    }
    if (asked !== this.asked) return; // something else was typed meanwhile
    const items = found.pictures.map((picture) => this.item(picture));
    if (after) this.list.append(...items);
    else this.list.replaceChildren(...items);
    this.last = found.pictures.at(-1)?.id;
    this.more.hidden = !found.more;
    this.said.textContent = this.list.children.length ? "" : translated("No picture is like that.");
    if (after) items[0]?.querySelector("button").focus();
  }

  item(picture) {
    const button = made("button", { type: "button", className: "picture-dialog__choice", "aria-pressed": "false" }, [
      made("img", { src: picture.thumbnail, alt: "", loading: "lazy" }),
      made("span", { textContent: picture.name }),
    ]);
    button.addEventListener("click", () => this.choose(picture, button));
    return made("li", {}, [button]);
  }

  choose(picture, button) {
    this.picture = picture;
    for (const other of this.list.querySelectorAll("[aria-pressed=true]")) other.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-pressed", "true");
    this.alt.value = picture.alt;
    this.decorative.checked = this.alt.disabled = picture.is_decorative;
    this.caption.value = [picture.caption, picture.credit].filter(Boolean).join(" ");
    this.words.hidden = false;
    (this.alt.disabled ? this.caption : this.alt).focus();
    button.scrollIntoView({ block: "nearest" });
  }
}

export const LibraryPicture = Extension.create({
  name: "libraryPicture",

  addOptions() {
    return { address: "" };
  },

  addCommands() {
    return {
      insertLibraryPicture: () => ({ editor }) => {
        // After the block that is written in rather than in its middle; in place of an empty one.
        const insert = (figure) => {
          const { doc, selection: { $to } } = editor.state;
          const after = $to.depth ? $to.after(1) : $to.pos;
          const isEmpty = $to.depth > 0 && $to.node(1).isTextblock && !$to.node(1).content.size;
          const block = { type: "preserved", attrs: { html: figure.outerHTML } };
          // A text does not end with a picture, so that one can write on.
          const content = after === doc.content.size ? [block, { type: "paragraph" }] : block;
          editor.chain().focus()
            .insertContentAt({ from: isEmpty ? $to.before(1) : after, to: after }, content).run();
        };
        new PictureDialog(this.options.address, insert).open();
        return true;
      },
    };
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "libraryPicture",
      groups: "nodes",
      button: buttons.material("image", translated("Insert a picture")),
      command: (editor) => editor.commands.insertLibraryPicture(),
    });
  },
});
