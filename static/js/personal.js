// The one personal request: who reads this page, and their part in its discussion.
// It tells the masthead, and whoever listens for `newsroom:personal`.

const masthead = document.querySelector("[data-personal-masthead]");
const discussion = document.querySelector("[data-discussion]");

function dress(user) {
  if (!masthead || !user) return;
  const part = (name) => masthead.querySelector(`[data-personal-${name}]`);
  part("login").hidden = true;
  part("logout").hidden = false;
  part("staff").hidden = !user.is_staff;
  part("notifications").hidden = false;
  part("unseen").textContent = user.unseen ? ` (${user.unseen})` : "";
  part("name").hidden = false;
  part("name").textContent = user.name;
}

async function ask() {
  const query = discussion ? `?discussion=${discussion.dataset.discussion}` : "";
  const answer = await fetch(`/personal/${query}`, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const detail = await answer.json();
  dress(detail.user);
  document.dispatchEvent(new CustomEvent("newsroom:personal", { detail }));
}

// Without it the page works as for a stranger, so a failed request is no error to show.
const tell = () => ask().catch(() => {});
document.addEventListener("newsroom:ask", tell);
tell();
