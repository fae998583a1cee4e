// Carries markup that the editor does not know through an edit: an imported gallery, a pull quote,
// a video. It stands in the text as one block that can be moved and removed, not written into, and
// goes out as it came in. Inline elements and attributes that the editor has no button for stay on
// the text they belong to, which remains editable.
import { Extension, Mark, Node } from "django-prose-editor/editor";

const FOREIGN = "img, figure, audio, video, details, dl, table";
const BLOCKS = [
  "figure", "details", "dl", "audio", "video", "address", "h5", "h6", "p.verse",
  "div.columns", "div.media-text", "div.cover", "div.alignwide", "div.alignfull",
  "p:has(img, audio, video)", `blockquote:has(> cite, ${FOREIGN})`,
  `ul:has(${FOREIGN})`, `ol:has(${FOREIGN})`, "table:has(thead, caption, tfoot, img)",
  "pre:not(:has(> code:only-child))", "pre:has(code *)",
];
const INLINE = [
  "abbr", "cite", "del", "ins", "kbd", "mark", "q", "samp", "small", "time", "u", "var",
  "span[class]", "span[lang]", "span[dir]",
];
const ATTRIBUTES = {
  paragraph: ["class", "lang", "dir"],
  heading: ["class", "lang", "dir"],
  blockquote: ["lang", "dir"],
  bulletList: ["lang", "dir"],
  orderedList: ["class", "reversed", "lang", "dir"],
  listItem: ["id", "lang", "dir"],
  tableHeader: ["scope", "lang", "dir"],
  tableCell: ["lang", "dir"],
  link: ["id", "class", "title", "hreflang", "lang", "dir"],
};
const NAMES = [
  ["figure.gallery", "Gallery"], ["figure.pullquote", "Pull quote"], ["figure.embed", "Embed"],
  ["figure.missing-media", "Missing media"], ["figure", "Picture"], ["details", "Details"],
  ["audio", "Audio"], ["video", "Video"], ["table", "Table"], ["dl", "Definitions"],
  ["div.columns", "Columns"], [".verse", "Verse"],
];
const translated = (text) => window.gettext?.(text) ?? text;

// The server cleans what is saved; this keeps a paste from doing anything before that.
function harmless(element) {
  const copy = element.cloneNode(true);
  for (const part of copy.querySelectorAll("script, style, iframe, object, embed, link, svg, math")) part.remove();
  for (const part of [copy, ...copy.querySelectorAll("*")]) {
    for (const { name, value } of [...part.attributes]) {
      if (name.startsWith("on") || name === "style" || /^\s*javascript:/i.test(value)) part.removeAttribute(name);
    }
  }
  return copy.outerHTML;
}

function elementOf(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.firstElementChild ?? document.createElement("p");
}

export const Preserved = Node.create({
  name: "preserved",
  group: "block",
  atom: true,
  draggable: true,

  addAttributes() {
    return { html: { default: "", rendered: false, parseHTML: harmless } };
  },

  parseHTML() {
    return BLOCKS.map((tag) => ({ tag, priority: 1000 }));
  },

  renderHTML({ node }) {
    return elementOf(node.attrs.html);
  },

  addNodeView() {
    return ({ node }) => {
      const content = elementOf(node.attrs.html);
      const dom = document.createElement("div");
      dom.className = "preserved";
      dom.dataset.label = translated(NAMES.find(([kind]) => content.matches(kind))?.[1] ?? "Block");
      const inside = document.createElement("div");
      inside.inert = true; // nothing in it plays, opens or takes the focus
      inside.append(content);
      dom.append(inside);
      return { dom };
    };
  },
});

export const PreservedInline = Mark.create({
  name: "preservedInline",
  excludes: "",
  inclusive: false,

  addAttributes() {
    return {
      tag: { default: "span", rendered: false, parseHTML: (element) => element.localName },
      attributes: {
        default: {},
        rendered: false,
        parseHTML: (element) => Object.fromEntries(
          [...element.attributes].filter(({ name }) => !name.startsWith("on") && name !== "style")
            .map(({ name, value }) => [name, value]),
        ),
      },
    };
  },

  parseHTML() {
    return INLINE.map((tag) => ({ tag, priority: 1000 }));
  },

  renderHTML({ mark }) {
    return [mark.attrs.tag, mark.attrs.attributes, 0];
  },
});

export const PreservedAttributes = Extension.create({
  name: "preservedAttributes",

  addGlobalAttributes() {
    return Object.entries(ATTRIBUTES).map(([type, names]) => ({
      types: [type],
      attributes: Object.fromEntries(names.map((name) => [name, {
        default: null,
        keepOnSplit: false,
        parseHTML: (element) => element.getAttribute(name),
      }])),
    }));
  },
});
