// Small comforts for those who type all day; every page works without them.

// Ctrl+Enter (or Cmd+Enter) sends the form one is in.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest("form[method='post']");
    if (form) {
      event.preventDefault();
      form.requestSubmit();
    }
  }
  if (event.key === "Escape") {
    closeDrops(null);
  }
});

// A menu that hangs over the page closes when one goes elsewhere.
function closeDrops(except) {
  for (const drop of document.querySelectorAll("details.drop[open]")) {
    if (!drop.contains(except)) {
      const held = drop.contains(document.activeElement);
      drop.open = false;
      if (held && !except) {
        drop.querySelector("summary").focus();
      }
    }
  }
}
document.addEventListener("click", (event) => closeDrops(event.target));
