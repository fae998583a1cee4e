// Carries markup that the editor does not know through an edit: an imported gallery, a pull quote,
// a video. It stands in the text as one block that can be moved and removed, not written into, and
// goes out as it came in.
import { Node } from "django-prose-editor/editor";

const INLINE = "img, abbr, kbd, mark, cite, q, time, small, ins, del, u, a.button";
const BLOCKS = [
  "figure", "details", "dl", "audio", "video", "address", "h5", "h6",
  "div.columns", "div.media-text", "div.cover", "p[class]",
  `p:has(${INLINE})`, `blockquote:has(${INLINE}, figure, table)`,
  "ul:has(img, figure)", "ol:has(img, figure)", "table:has(caption, tfoot, img)",
];

export const Preserved = Node.create({
  name: "preserved",
  group: "block",
  atom: true,
  draggable: true,

  addAttributes() {
    return { html: { default: "", rendered: false, parseHTML: (element) => element.outerHTML } };
  },

  parseHTML() {
    return BLOCKS.map((tag) => ({ tag, priority: 1000 }));
  },

  renderHTML({ node }) {
    const holder = document.createElement("template");
    holder.innerHTML = node.attrs.html;
    return holder.content.firstElementChild ?? document.createElement("p");
  },
});
