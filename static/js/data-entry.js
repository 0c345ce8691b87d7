/* Data entry in the admin: a box of Select2 takes the name of the field that it stands for and offers what goes with
   what other fields name; a new record begins at the first field to fill. */
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

  // The endpoint is told what the choices are narrowed to: by a field of the same row, by one of the form, or for good.
  function namingField(select) {
    const by = select.dataset.narrowedBy;
    const fields = select.form.elements;
    return fields[select.name.replace(/[^-]+$/, by)] || fields[by];
  }

  let asking = null;
  django.jQuery(document).on("select2:opening", (event) => {
    asking = event.target;
  });
  django.jQuery.ajaxPrefilter((options) => {
    if (!asking || !asking.dataset.narrowedBy || !options.url.includes("/autocomplete/")) {
      return;
    }
    const naming = namingField(asking);
    const key = naming ? naming.value : asking.dataset.narrowedTo;
    if (key) {
      options.data += `&narrowed_to=${encodeURIComponent(key)}`;
    }
  });

  // What was chosen before, and does not go with what is named now, is emptied, and the page says so.
  async function emptyUnlessOf(select, naming) {
    const { appLabel, modelName, fieldName } = select.dataset;
    const [chosen, key] = [select.value, naming.value];
    const query = { app_label: appLabel, model_name: modelName, field_name: fieldName, term: "" };
    const asked = new URLSearchParams({ ...query, narrowed_to: key, chosen });
    const response = await fetch(`${select.getAttribute("data-ajax--url")}?${asked}`);
    const stays = !response.ok || (await response.json()).results.length > 0;
    if (stays || select.value !== chosen || naming.value !== key) {
      return;
    }
    const words = `“${select.selectedOptions[0].text}” does not belong to “${naming.selectedOptions[0].text}”.`;
    django.jQuery(select).val(null).trigger("change");
    const note = document.createElement("p");
    note.className = "emptied";
    note.setAttribute("role", "alert");
    note.textContent = `Emptied: ${words}`;
    select.closest(".form-row").append(note);
  }

  django.jQuery(document).on("change", "select", ({ target }) => {
    target.closest(".form-row")?.querySelectorAll(".emptied").forEach((note) => note.remove());
    for (const select of target.form?.querySelectorAll("select[data-narrowed-by]") || []) {
      if (target.value && select.value && namingField(select) === target) {
        emptyUnlessOf(select, target);
      }
    }
  });

  // The admin's own script puts the focus on the first input of all, which is the button above the form.
  function beginAtFirstField() {
    const adding = document.getElementById("django-admin-form-add-constants");
    const form = adding && document.getElementById(`${adding.dataset.modelName}_form`);
    const active = document.activeElement;
    if (!form || (active !== document.body && !active.closest(".submit-row"))) {
      return;
    }
    const inputs = "fieldset :is(input, select, textarea):not([type=hidden], [type=checkbox], [type=search])";
    const fields = [...form.querySelectorAll(inputs)].filter((field) => !field.disabled && field.offsetParent);
    const first = fields.find((field) => field.closest(".errors")) || fields.find((field) => !field.value) || fields[0];
    if (!first) {
      active.blur();
      return;
    }
    const box = first.parentElement.querySelector(".select2-container");
    const target = box && box.querySelector(".select2-search__field, .select2-selection[tabindex='0']");
    (target || first).focus();
  }

  // That script is loaded beside the page, and is done by the time that all is loaded.
  addEventListener("load", () => setTimeout(beginAtFirstField));
}
