/**
 * One control group for each kind of datum: an answer, a code, a number with its unit and basis.
 *
 *     guidegraph.simulator.field(about, clock, changed) -> {about, node, get, set, focus, rows?}
 *
 * `about` is an input or a setting of `guidegraph.described`. `get` gives what stands in a patient
 * document, or undefined where nothing is known; `set` tells whether the control can show a value.
 */
"use strict";

(() => {
  const guidegraph = (globalThis.guidegraph ??= {});
  const simulator = (guidegraph.simulator ??= {});
  const { make, link, readable } = simulator.words;

  const BASES = ["FEU", "DDU"];
  const MEASURED = ["value", "unit", "basis", "at", "minutes", "by"];
  const ANSWERED = ["value", "at", "minutes", "by"];
  const MANY = 6;
  let ids = 0;

  /** Whether a datum has no other parts than these. */
  const knows = (told, names) => Object.keys(told).every((each) => names.includes(each));

  /** A new id for an element. @returns {string} */
  const fresh = () => `entry-${++ids}`;

  /** A choice of which one thing holds. @param {Array<[*, string]>} choices value and words */
  function radios(choices, changed) {
    const name = fresh();
    const inputs = choices.map(([value]) => {
      const input = make("input", { type: "radio", name, onchange: changed });
      return { value, input };
    });
    const node = make(
      "div",
      { class: "choices" },
      ...choices.map(([, words], place) =>
        make("label", { class: "choice" }, inputs[place].input, make("span", {}, words)),
      ),
    );
    return {
      node,
      get: () => inputs.find((each) => each.input.checked)?.value,
      set(value) {
        const found = inputs.find((each) => each.value === value);
        if (found) found.input.checked = true;
        return Boolean(found);
      },
      focus: () => (inputs.find((each) => each.input.checked) || inputs[0]).input.focus(),
    };
  }

  /** The same as a list to pull down, for many choices. */
  function list(choices, changed, name) {
    const node = make("select", { onchange: changed, "aria-label": name });
    choices.forEach(([, words], place) => node.append(make("option", { value: place }, words)));
    return {
      node,
      get: () => choices[Number(node.value)]?.[0],
      set(value) {
        const place = choices.findIndex((each) => each[0] === value);
        if (place >= 0) node.value = String(place);
        return place >= 0;
      },
      focus: () => node.focus(),
    };
  }

  // --- a number with its unit --------------------------------------------------------------------

  /** A number, its unit and, where it matters, what it is expressed in. */
  function measured(about, name, changed) {
    const input = make("input", {
      type: "text",
      inputmode: "decimal",
      size: 8,
      autocomplete: "off",
      placeholder: "not known",
      "aria-label": `${name}: value`,
      oninput: changed,
    });
    const units = (about.units || []).map((each) => [each.code, each.label || "(no unit)"]);
    const unit = list(units, changed, `${name}: unit`);
    const basis = about.basis ? basisOf(about.basis, name, changed) : null;
    const only = units.length < 2 ? make("span", { class: "unit" }, units[0]?.[1] ?? "") : unit.node;
    const parts = [
      make("label", { class: "part" }, make("span", { class: "part-name" }, "Value"), input),
      units.length === 1 && units[0][0] === "1"
        ? null
        : make("label", { class: "part" }, make("span", { class: "part-name" }, "Unit"), only),
      basis,
    ];
    /** A unit that is not among the usual ones is added to them. */
    const offer = (code) => {
      units.push([code, code]);
      unit.node.append(make("option", { value: units.length - 1 }, code));
      if (units.length === 2) only.replaceWith(unit.node);
      return unit.set(code);
    };
    return {
      input,
      parts: parts.map((each) => each?.node ?? each),
      /** @returns {boolean} whether a number is written */
      isFilled: () => input.value.trim() !== "",
      get() {
        const stated = basis?.get();
        const value = input.value.trim() || null;
        return { value, unit: unit.get() ?? "1", ...(stated ? { basis: stated } : {}) };
      },
      set(told) {
        const { value, unit: code, basis: stated } = told;
        if (!["string", "number"].includes(typeof value) || !knows(told, MEASURED)) return false;
        if (typeof code !== "string" || (stated && !basis)) return false;
        input.value = String(value);
        return (unit.set(code) || offer(code)) && (!basis || basis.set(stated ?? ""));
      },
    };
  }

  /** FEU or DDU: asked, never assumed. */
  function basisOf(basis, name, changed) {
    const known = BASES.includes(basis) ? BASES : [basis, "another"];
    const choices = [["", "not stated"], ...known.map((each) => [each, each])];
    const shown = list(choices, changed, `${name}: expressed in`);
    const words = make("span", { class: "part-name" }, "Expressed in");
    return { ...shown, node: make("label", { class: "part" }, words, shown.node) };
  }

  /** What is plausible, in words, with a link to what is measured. */
  function range(about) {
    const { low, high, unitLabel } = about;
    const ends = [low, high].map((each) => (each === undefined ? "" : readable(each)));
    const unit = unitLabel ? ` ${unitLabel}` : "";
    if (!ends[0] && !ends[1]) return unitLabel ? `in ${unitLabel}` : "";
    return `plausible: ${ends[0] || "up"} to ${ends[1] || "more"}${unit}`;
  }

  // --- fields ------------------------------------------------------------------------------------

  /** The frame of a field: its question, what it is about, its controls, what is wrong with it. */
  function frame(about, controls, hint) {
    const told = make("div", { class: "problems", id: fresh() });
    const about_ = link(about.question ? about.label : "About this setting", about.page, { class: "about" });
    return make(
      "fieldset",
      { class: `field ${about.kind}`, "aria-describedby": told.id },
      make("legend", {}, about.question || about.label),
      hint === undefined ? null : make("p", { class: "hint" }, about_, hint ? ` · ${hint}` : ""),
      ...controls,
      told,
    );
  }

  /** The time and author of an answer, which stay as they are where no control shows them. */
  function keeper(about, clock, changed) {
    const expires = about.time === "useful";
    const when = expires ? clock.control(about.label, clock.shown("Assessed"), changed) : null;
    let kept = {};
    return {
      parts: when ? [when.node] : [],
      get: (value) => {
        const told = { ...kept, ...(when ? when.get() : {}) };
        return Object.keys(told).length ? { ...told, value } : value;
      },
      set(told) {
        const { value: _value, at, minutes, ...rest } = told;
        const time = { ...(at === undefined ? {} : { at }), ...(minutes === undefined ? {} : { minutes }) };
        kept = when ? rest : { ...rest, ...time };
        return !when || when.set(time);
      },
      clear() {
        kept = {};
        when?.set({});
      },
    };
  }

  /** Whether something is names with values. */
  const isMapping = (told) => told !== null && typeof told === "object" && !Array.isArray(told);

  /** An answer or a code; "not known" is one of the answers. */
  function answer(about, clock, changed) {
    const known =
      about.kind === "boolean"
        ? [[true, "Yes"], [false, "No"]]
        : (about.codes || []).map((each) => [each.code, each.label]);
    const choices = [...known, [null, "Not known"]];
    const shown =
      choices.length > MANY ? list(choices, changed, about.question) : radios(choices, changed);
    const kept = keeper(about, clock, changed);
    const node = frame(about, [shown.node, ...kept.parts]);
    return {
      about,
      node,
      get() {
        const value = shown.get() ?? null;
        return value === null ? undefined : kept.get(value);
      },
      set(told) {
        kept.clear();
        if (told === undefined || told === null) return shown.set(null);
        if (!isMapping(told)) return shown.set(told);
        return knows(told, ANSWERED) && shown.set(told.value ?? null) && kept.set(told);
      },
      focus: shown.focus,
    };
  }

  /** A number; empty is not known. */
  function quantity(about, clock, changed) {
    const number = measured(about, about.label, changed);
    const kept = keeper(about, clock, changed);
    const controls = make("div", { class: "parts" }, ...number.parts.filter(Boolean), ...kept.parts);
    const node = frame(about, [controls], range(about));
    return {
      about,
      node,
      get() {
        if (!number.isFilled()) return undefined;
        const held = number.get();
        const { value, ...rest } = held;
        const whole = kept.get(value);
        return isMapping(whole) ? { ...whole, ...rest } : held;
      },
      set(told) {
        kept.clear();
        number.input.value = "";
        if (told === undefined || told === null) return true;
        if (!isMapping(told)) return false;
        const { value, unit, basis, ...rest } = told;
        return number.set(told) && kept.set(rest);
      },
      focus: () => number.input.focus(),
    };
  }

  const KINDS = { boolean: answer, code: answer, quantity };

  /** The control group of an input or setting. */
  simulator.field = (about, clock, changed) =>
    (KINDS[about.kind] || simulator.series)(about, clock, changed);
  simulator.parts = { radios, list, measured, frame, range, fresh, isMapping };
})();
