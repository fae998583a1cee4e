// The focal point is dragged on the picture, with a mouse or a finger, or moved by the arrow keys;
// beside it the crops show what they will keep. The two number fields do the same without a script.
const picker = document.querySelector("[data-focal-point]");
const fields = ["x", "y"].map((axis) => document.querySelector(`[name="focal_${axis}"]`));
const MOVES = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
  Home: [-100, 0], End: [100, 0], PageUp: [0, -10], PageDown: [0, 10],
};

if (picker && fields.every(Boolean)) {
  const frame = picker.querySelector("[data-frame]");
  const pictures = picker.querySelectorAll("img");
  const handle = document.createElement("span");
  handle.className = "focal__handle";
  handle.tabIndex = 0;
  handle.role = "slider"; // of two axes, which the value says in words
  handle.ariaLabel = picker.dataset.name;
  handle.ariaValueMin = "0";
  handle.ariaValueMax = "100";
  frame.append(handle);
  picker.querySelector("[data-hint]").hidden = false;

  const within = (share) => Math.round(Math.min(100, Math.max(0, Number(share) || 0)));
  const point = () => fields.map((field) => within(field.value));

  function show() {
    const [x, y] = point();
    handle.style.left = `${x}%`;
    handle.style.top = `${y}%`;
    handle.ariaValueNow = String(x);
    handle.ariaValueText = picker.dataset.value.replace("%x", x).replace("%y", y);
    for (const picture of pictures) picture.style.objectPosition = `${x}% ${y}%`;
  }

  function move(x, y) {
    fields[0].value = within(x);
    fields[1].value = within(y);
    for (const field of fields) field.dispatchEvent(new Event("change", { bubbles: true }));
    show();
  }

  function follow(event) {
    const box = frame.getBoundingClientRect();
    move(((event.clientX - box.left) / box.width) * 100, ((event.clientY - box.top) / box.height) * 100);
  }

  frame.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    frame.setPointerCapture(event.pointerId);
    follow(event);
    handle.focus();
  });
  frame.addEventListener("pointermove", (event) => {
    if (frame.hasPointerCapture(event.pointerId)) follow(event);
  });
  handle.addEventListener("keydown", (event) => {
    const step = MOVES[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const [x, y] = point();
    const far = event.shiftKey ? 10 : 1;
    move(x + step[0] * far, y + step[1] * far);
  });
  for (const field of fields) field.addEventListener("input", show);

  // A file that was just chosen is shown before it is sent, with its point in the middle.
  let chosen;
  document.querySelector('input[type="file"][name="file"]')?.addEventListener("change", (event) => {
    const [file] = event.target.files;
    if (!file?.type.startsWith("image/")) return;
    if (chosen) URL.revokeObjectURL(chosen);
    chosen = URL.createObjectURL(file);
    for (const picture of pictures) picture.src = chosen;
    picker.hidden = false;
    document.querySelector("[data-no-picture]")?.remove();
    move(50, 50);
  });
  show();
}
