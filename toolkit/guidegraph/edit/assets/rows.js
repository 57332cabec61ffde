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

  const touched = (row) => [...row.querySelectorAll("input, select, textarea")].some(touchedControl);

  const own = (place) => {
    const list = place.querySelector(".values");
    return list ? [...list.children].filter((each) => each.classList.contains("value")) : [];
  };

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
    for (const inner of row.querySelectorAll(".inner")) {
      const found = own(inner).map(item).filter((each) => each !== null);
      filled = filled || found.length > 0;
      const isTouched = own(inner).some(touched);
      if (same === undefined ? found.length : isTouched) inside[inner.dataset.path] = found;
    }
    if (!filled) return null;
    return same === undefined ? { parts: inside } : { of: Number(same), parts: inside };
  }

  /** What is sent for a field. */
  const typed = (field) => own(field).map(item).filter((each) => each !== null);

  /** Whether the field is not as it was shown: touched, or with more, fewer or moved rows. */
  function isTouched(field) {
    const there = own(field);
    const kept = there.map((each) => each.dataset.same).filter((each) => each !== undefined);
    const count = Number(field.dataset.count);
    if (kept.length !== count || kept.some((each, place) => Number(each) !== place)) return true;
    return there.some((each) => (each.dataset.same === undefined ? item(each) !== null : touched(each)));
  }

  let number = 0;

  /** A new row, made of the template of the field. */
  function blank(field) {
    const made = field.querySelector(":scope > template").content.cloneNode(true);
    number += 1;
    const renamed = (value) => value.replace(/-9000(?=$|-| )/g, `-9${number}`);
    made.querySelectorAll("[id], [for], [aria-controls]").forEach((each) => {
      for (const name of ["id", "for", "aria-controls"]) {
        const value = each.getAttribute(name);
        if (value) each.setAttribute(name, each.closest(".inner") ? `${value}-9${number}` : renamed(value));
      }
    });
    return made.firstElementChild;
  }

  return { controls, touched, own, item, typed, isTouched, blank };
})();
