// The body editor's question button: the selected words become a passage that readers are asked
// about. Pressed where a question stands, it shows it to be changed, or taken away when left empty.
import { Mark, mergeAttributes } from "django-prose-editor/editor";

const translated = (text) => window.gettext?.(text) ?? text;

function askReaders(editor) {
  const before = editor.getAttributes("question").question ?? "";
  if (editor.state.selection.empty && !before) {
    alert(translated("Select the words that you ask about first."));
    return;
  }
  const question = prompt(translated("What do you ask readers about these words?"), before);
  if (question === null) return;
  const chain = editor.chain().focus().extendMarkRange("question");
  if (question.trim()) chain.setMark("question", { question: question.trim().slice(0, 300) }).run();
  else chain.unsetMark("question").run();
}

export const Question = Mark.create({
  name: "question",
  inclusive: false,

  addAttributes() {
    return { question: { parseHTML: (element) => element.dataset.question, renderHTML: ({ question }) => ({ "data-question": question }) } };
  },

  parseHTML() {
    return [{ tag: "span[data-question]", priority: 60 }];
  },

  renderHTML({ HTMLAttributes }) {
    return ["span", mergeAttributes(HTMLAttributes), 0];
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "question",
      groups: "marks",
      button: buttons.material("contact_support", translated("Ask readers about the selected words")),
      command: askReaders,
      active: (editor) => editor.isActive("question"),
    });
  },
});
