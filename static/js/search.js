// The search box: "/" leads to it, arrows walk through what it offers, Escape puts that away.
{
  const typing = "input, textarea, select, [contenteditable]";

  document.addEventListener("keydown", (event) => {
    const box = document.querySelector("#search-box");
    if (!box) {
      return;
    }
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === "/" && plain && !event.target.closest(typing)) {
      event.preventDefault();
      box.focus();
      box.select();
      return;
    }
    const form = box.form;
    if (!form.contains(event.target)) {
      return;
    }
    const stops = [box, ...form.querySelectorAll("#search-offered a")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && stops.length > 1) {
      event.preventDefault();
      const next = stops.indexOf(document.activeElement) + step;
      stops[(next + stops.length) % stops.length].focus();
    }
    if (event.key === "Escape") {
      form.querySelector("#search-offered").replaceChildren();
      box.focus();
    }
  });

  document.addEventListener("focusin", (event) => {
    const offered = document.querySelector("#search-offered");
    if (offered && !offered.closest("form").contains(event.target)) {
      offered.replaceChildren();
    }
  });
}
