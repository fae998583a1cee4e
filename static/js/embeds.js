// Videos that load nothing before a click: the link becomes a button, the button the player.
// Which addresses may be framed is decided by the server (the sanitiser and the policy).

function play(figure, title) {
  const frame = document.createElement("iframe");
  frame.className = "embed__frame";
  frame.src = `${figure.dataset.embed}${figure.dataset.embed.includes("?") ? "&" : "?"}autoplay=1`;
  frame.allow = "autoplay; fullscreen; picture-in-picture";
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  frame.title = title;
  figure.querySelector(".embed__play").replaceWith(frame);
  frame.focus();
}

for (const figure of document.querySelectorAll("figure[data-embed]")) {
  const link = figure.querySelector("a");
  if (!link) continue;
  const button = document.createElement("button");
  const source = document.createElement("small");
  button.type = "button";
  button.className = "embed__play";
  button.textContent = `▶ ${link.textContent.trim()}`;
  source.textContent = new URL(figure.dataset.embed).hostname.replace("www.", "");
  button.append(source);
  button.addEventListener("click", () => play(figure, link.textContent.trim()));
  link.replaceWith(button);
}
