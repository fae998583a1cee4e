// Buttons that copy a text and say so. Hidden in the page, since without JavaScript they do nothing.

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  const label = [...button.childNodes];
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.replaceChildren(button.dataset.copied);
    setTimeout(() => button.replaceChildren(...label), 2000);
  });
}
