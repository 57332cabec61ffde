// What stands in the rows of a field, as the server reads it.
"use strict";

const rows = (() => {
  const controls = (row) => [...row.querySelectorAll("input, select, textarea")]
    .filter((each) => !each.classList.contains("language") && !each.closest("template"));

  /** Whether a control is not as it was shown. */
  function touchedControl(each) {
    if (each.tagName === "SELECT") {
      const chosen = [...each.options].find((option) => option.defaultSelected) || each.options[0];
      return each.value !== (chosen ? chosen.value : "");
    }
    return each.value !== each.defaultValue;
  }

  const own = (place) => {
    const list = place.querySelector(":scope > .values");
    return list ? [...list.children].filter((each) => each.classList.contains("value")) : [];
  };

  /** The properties inside a part, not those of parts inside it. */
  const inner = (row) => [...row.querySelectorAll(".inner")].filter((each) => each.parentElement.closest(".value") === row);

  const touched = (row) => (row.dataset.kind === "parts" ? inner(row).some(isTouched)
    : [...row.querySelectorAll("input, select, textarea")].some(touchedControl));

  /** What is sent for a row; null where it is empty. */
  function item(row) {
    const same = row.dataset.same;
    if (same !== undefined && (row.dataset.kind === "kept" || !touched(row))) return { same: Number(same) };
    if (row.dataset.kind === "parts") return part(row, same);
    const control = controls(row)[0];
    if (!control) return null;
    const typed = control.value.trim();
    if (!typed) return null;
    if (row.dataset.kind === "words") {
      return { text: control.value, language: row.querySelector("select.language")?.value || "en" };
    }
    if (row.dataset.kind === "thing") {
      const iri = control.dataset.iri;
      return iri && control.dataset.chosen === control.value ? iri
        : !touchedControl(control) && iri ? iri : control.value;
    }
    return control.value;
  }

  function part(row, same) {
    const inside = {};
    let filled = false;
    for (const each of inner(row)) {
      const found = typed(each);
      filled = filled || found.length > 0;
      if (same === undefined ? found.length : isTouched(each)) inside[each.dataset.path] = found;
    }
    if (!filled) return null;
    return same === undefined ? { parts: inside } : { of: Number(same), parts: inside };
  }

  /** What is sent for a field, or for a property inside a part. */
  const typed = (field) => own(field).map(item).filter((each) => each !== null);

  /** Whether it is not as it was shown: touched, or with more, fewer or moved rows. */
  function isTouched(field) {
    const there = own(field);
    const kept = there.map((each) => each.dataset.same).filter((each) => each !== undefined);
    const count = Number(field.dataset.count);
    if (kept.length !== count || kept.some((each, place) => Number(each) !== place)) return true;
    return there.some((each) => (each.dataset.same === undefined ? item(each) !== null : touched(each)));
  }

  let number = 0;

  /** A new row of a field or of a property inside it, made of a template; its names are its own. */
  function blank(field, holder, name) {
    const template = name ? `:scope > template[data-blank="${name}"]` : ":scope > template:not([data-blank])";
    const made = (name ? field : holder).querySelector(template).content.cloneNode(true);
    number += 1;
    const ids = new Set([...made.querySelectorAll("[id]")].map((each) => each.id));
    const own = (value) => value.split(" ").map((each) => (ids.has(each) ? `${each}-${number}` : each)).join(" ");
    for (const attribute of ["id", "for", "aria-controls", "aria-describedby"]) {
      made.querySelectorAll(`[${attribute}]`).forEach((each) => each.setAttribute(attribute, own(each.getAttribute(attribute))));
    }
    return made.firstElementChild;
  }

  return { controls, touched, own, item, typed, isTouched, blank };
})();
