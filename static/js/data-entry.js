/* Data entry in the admin: a box of Select2 takes the name of the field that it stands for. */
"use strict";
{
  function nameBox(select) {
    const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    const box = select.parentElement.querySelector(".select2-container");
    if (!label || !box) {
      return;
    }
    const words = label.textContent.trim();
    label.id ||= `${select.id}_label`;
    const shown = box.querySelector(".select2-selection__rendered");
    const search = box.querySelector(".select2-search__field");
    if (search) {
      search.setAttribute("aria-label", words);
      box.querySelector(".select2-selection").setAttribute("aria-label", words);
    } else {
      shown.setAttribute("aria-label", words);
      box.querySelector(".select2-selection").setAttribute("aria-labelledby", `${label.id} ${shown.id}`);
    }
  }

  function nameBoxes(root) {
    root.querySelectorAll("select.admin-autocomplete").forEach(nameBox);
  }

  // The admin's own listeners, which make the boxes, may be called after these; a timeout comes after both.
  django.jQuery(() => setTimeout(() => nameBoxes(document)));
  document.addEventListener("formset:added", (event) => setTimeout(() => nameBoxes(event.target)));
}
