// A click on the picture sets its focal point; the two number fields do the same without a mouse.
const picture = document.querySelector("form [data-focal-point]");
const fields = ["x", "y"].map((axis) => document.querySelector(`[name="focal_${axis}"]`));

if (picture && fields.every(Boolean)) {
  const frame = document.createElement("span");
  frame.className = "desk-focal-point";
  picture.replaceWith(frame);
  const mark = document.createElement("span");
  frame.append(picture, mark);

  const show = () => {
    mark.style.insetInlineStart = `${fields[0].value}%`;
    mark.style.insetBlockStart = `${fields[1].value}%`;
  };
  frame.addEventListener("click", (event) => {
    const box = picture.getBoundingClientRect();
    const share = (at, start, length) => Math.round(Math.min(1, Math.max(0, (at - start) / length)) * 100);
    fields[0].value = share(event.clientX, box.left, box.width);
    fields[1].value = share(event.clientY, box.top, box.height);
    show();
  });
  for (const field of fields) field.addEventListener("input", show);
  show();
}
