// Whoever goes back may get the page anew, with what was typed put back into it, though not what is hidden. The entry of
// the browser's history keeps it: a form is sent with the key and the version that it was first opened with.
{
  const inputs = document.querySelectorAll("input[name='form_key'], input[name='opened']");
  const [navigation] = performance.getEntriesByType("navigation");
  const kept = (navigation?.type === "back_forward" && history.state?.forms) || {};
  for (const input of inputs) {
    input.value = kept[input.name] ?? input.value;
  }
  if (inputs.length) {
    const forms = Object.fromEntries([...inputs].map((input) => [input.name, input.value]));
    history.replaceState({ ...history.state, forms }, "");
  }
}

// Another row is there to be typed in, unless somebody is typing elsewhere by then.
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const { activeElement, body } = document;
  if (detail.target?.matches("ol.rows") && (activeElement === body || activeElement.name === "add")) {
    detail.target.querySelector(":scope > :last-child .fields :is(input, select, textarea)")?.focus();
  }
});

// What was typed and not sent is not left without a question: the browser asks, in words of its own.
{
  let typed = document.querySelector("form[data-typed=true]") !== null;
  const note = ({ target }) => {
    typed ||= Boolean(target.form?.hasAttribute("data-typed"));
  };
  document.addEventListener("input", note);
  document.addEventListener("change", note);
  document.addEventListener("submit", ({ target }) => {
    typed &&= !target.hasAttribute("data-typed");
  });
  window.addEventListener("beforeunload", (event) => {
    if (typed) {
      event.preventDefault();
    }
  });
}
