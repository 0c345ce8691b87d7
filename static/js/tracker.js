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

// "Add a row": the empty form of a formset is in a <template>; its prefix is numbered here.
function revealAdders(root) {
  for (const adder of root.querySelectorAll("[data-add-row]")) {
    adder.hidden = false;
  }
}
document.addEventListener("click", (event) => {
  const adder = event.target.closest("[data-add-row]");
  if (!adder) {
    return;
  }
  const formset = adder.closest("[data-formset]");
  const total = formset.querySelector("input[name$='-TOTAL_FORMS']");
  const empty = formset.querySelector("template");
  const rows = formset.querySelector(".rows");
  rows.insertAdjacentHTML("beforeend", empty.innerHTML.replaceAll("__prefix__", total.value));
  total.value = Number(total.value) + 1;
  rows.lastElementChild.querySelector("input:not([type='hidden'], [name$='-DELETE']), select, textarea").focus();
});
document.addEventListener("DOMContentLoaded", () => revealAdders(document));
document.addEventListener("htmx:load", (event) => revealAdders(event.detail.elt));
