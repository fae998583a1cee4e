// On a phone the account's menu is wider than the window: show where we are.
document.querySelector("[data-account-menu] [aria-current]")
  ?.scrollIntoView({ inline: "center", block: "nearest", behavior: "instant" });
