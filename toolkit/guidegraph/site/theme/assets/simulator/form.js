/**
 * The form for a patient of any guideline. A patient document is read from it and written to it.
 *
 *     new guidegraph.simulator.Form(first, changed) -> form
 *     form.node; form.read() -> document; form.write(document); form.show(problems); form.focus(name)
 *
 * What a document holds that no control can show is kept and shown as it is, until it is removed.
 */
"use strict";

(() => {
  const guidegraph = (globalThis.guidegraph ??= {});
  const simulator = (guidegraph.simulator ??= {});
  const { make, readable } = simulator.words;

  /** What helps in a form, where the words for files would not. */
  const HELP = {
    E111: "Choose the unit it was reported in.",
    E112: "Write digits with at most one point, such as 840 or 0.84, and nothing between thousands.",
    E122: (about) => `Choose what the laboratory reports under “Expressed in”; ${about.basis} is needed.`,
    E123: "Correct the time or the value of one of them.",
    E124: "Assess it again, and give the new time.",
    E130: (_, clock) =>
      clock.dates ? "Give the whole date and time." : "Write hours, such as 36, 1.5 or 36:30.",
    E131: "Give the time of the sample.",
    E132: (_, clock) => `Give the moment of “${clock.anchor}”, or count hours instead.`,
    E133: "Correct the time, or move “now”.",
    E140: "Choose a permitted value, or empty the field to take the default.",
    E141: "Write the value the site has chosen, or empty the field to take the default.",
  };

  /** How many problems of results without a row are told. */
  const UNSEEN = 3;

  class Form {
    /** @param {string[]} first  the inputs that are not folded away @param {() => void} changed */
    constructor(first, changed) {
      const { described } = guidegraph;
      this.changed = changed;
      this.clock = new simulator.Clock(described.guideline.anchor);
      this.first = new Set(first);
      this.node = make("form", { class: "form", "aria-label": "Patient" });
      this.node.addEventListener("submit", (event) => event.preventDefault());
      this.write({ facts: {} });
    }

    // --- document to form --------------------------------------------------------------------------

    /** Show another patient: in dates if the results are dated, else in hours. @param {object} told */
    load(told) {
      const { isMapping } = simulator.parts;
      const data = Object.values(told.facts ?? {}).flat();
      this.clock.dates = data.some((each) => isMapping(each) && each.at !== undefined); // texts have an `at`, too
      this.write(told);
    }

    /** Show a patient document. @param {object} told */
    write(told) {
      const { inputs, settings } = guidegraph.described;
      const { isMapping } = simulator.parts;
      const { now, anchors, facts, settings: chosen, ...rest } = told;
      this.rest = rest;
      this.raw = {};
      this.anchor = undefined;
      this.clock.take(told);
      this.clock.dates &&= this.clock.zero !== null;
      this.moments = this.#moments();
      this.fields = inputs.map((each) => simulator.field(each, this.clock, this.changed));
      this.settings = settings.map((each) => this.#setting(each));
      this.strays = { facts: {}, settings: {}, anchors: {} };
      this.#fill(this.fields, "facts", facts, (each) => this.#placed(each));
      this.#fill(this.settings, "settings", chosen, (each) => each);
      if (isMapping(anchors)) {
        const { [this.clock.anchor]: given, ...others } = anchors;
        this.anchor = given ?? undefined;
        this.strays.anchors = others;
        if (this.clock.zero === null && this.anchor) others[this.clock.anchor] = given;
      }
      const isMoment = typeof now === "string" || (isMapping(now) && Object.keys(now).join() === "minutes");
      const isShown = this.moments.now.set(isMoment ? now : undefined);
      if (!isShown || (!isMoment && (now ?? null) !== null)) this.#keep("now", now, this.moments.node);
      this.general = make("div", { class: "problems general" });
      this.node.replaceChildren(this.general, this.moments.node, ...this.#groups());
    }

    #fill(fields, part, told, place) {
      const held = simulator.parts.isMapping(told) ? told : {};
      if (told !== undefined && told !== null && held !== told) this.rest[part] = told;
      const known = new Set(fields.map((each) => each.about.name));
      for (const [name, value] of Object.entries(held)) {
        if (!known.has(name)) this.strays[part][name] = value;
      }
      for (const field of fields) {
        const { name } = field.about;
        const value = Object.hasOwn(held, name) ? held[name] : undefined;
        if (!field.set(place(value))) this.#keep(`${part}/${name}`, value, field.node, field);
      }
    }

    /** Data with their times as the clock writes them. */
    #placed(value) {
      if (Array.isArray(value)) return value.map((each) => this.clock.place(each));
      return this.clock.place(value);
    }

    /** A value that no control can show stays, and is shown, until it is removed. */
    #keep(key, value, node, field) {
      this.raw[key] = value;
      field?.set(undefined);
      const words = make("code", {}, JSON.stringify(value).slice(0, 200));
      const remove = make("button", { type: "button", class: "quiet-button" }, "Remove it");
      const told = make("p", { class: "kept" }, "Given as ", words, " ", remove);
      remove.addEventListener("click", () => {
        delete this.raw[key];
        told.remove();
        (field || this.moments.now.input).focus();
        this.changed();
      });
      node.append(told);
    }

    // --- form to document --------------------------------------------------------------------------

    /** The patient as a document: what is not known is not there. @returns {object} */
    read() {
      const told = { ...this.rest };
      const now = this.#held("now", () => this.#moment(this.moments.now));
      const isRaw = Object.keys(this.raw).length > 0;
      const anchor = this.clock.dates ? this.moments.anchor.get().at : isRaw ? this.anchor : undefined;
      const anchors = { ...this.strays.anchors, ...(anchor ? { [this.clock.anchor]: anchor } : {}) };
      const settings = this.#values(this.settings, "settings");
      if (now !== undefined) told.now = now;
      if (Object.keys(anchors).length) told.anchors = anchors;
      told.facts ??= this.#values(this.fields, "facts");
      if (Object.keys(settings).length) told.settings ??= settings;
      return told;
    }

    #values(fields, part) {
      const values = { ...this.strays[part] };
      for (const field of fields) {
        const { name } = field.about;
        const value = this.#held(`${part}/${name}`, field.get);
        if (value !== undefined) values[name] = value;
      }
      return values;
    }

    #held(key, get) {
      return Object.hasOwn(this.raw, key) ? this.raw[key] : get();
    }

    #moment(control) {
      const told = control.get();
      return told.at ?? (told.minutes === undefined ? undefined : told);
    }

    // --- times -------------------------------------------------------------------------------------

    /** Now, and how times are written. */
    #moments() {
      const { anchorWords } = guidegraph.described.guideline;
      const now = this.clock.control("Now", this.clock.shown("Now:"), this.changed);
      const mode = simulator.parts.radios(
        [[false, `Hours from ${anchorWords}`], [true, "Dates and times"]],
        () => this.#switch(mode.get()),
      );
      mode.set(this.clock.dates);
      const anchor = this.clock.dates ? this.#anchor() : null;
      const hint = this.clock.dates
        ? `All in one time zone${this.clock.offset === "Z" ? "" : ` (UTC${this.clock.offset})`}.`
        : "As 36, 1.5 or 36:30; before it with a minus sign.";
      const node = make(
        "fieldset",
        { class: "field moments" },
        make("legend", {}, "When is this?"),
        make("p", { class: "hint" }, hint),
        mode.node,
        make("div", { class: "parts" }, anchor?.node ?? null, now.node),
        make("div", { class: "problems" }),
      );
      return { node, now, anchor, mode };
    }

    /** The moment itself from which all is counted. */
    #anchor() {
      const { anchorWords } = guidegraph.described.guideline;
      const control = this.clock.control(anchorWords, `${anchorWords} on`, () => {
        this.clock.zero = simulator.times.instant(control.get().at) ?? this.clock.zero;
        this.changed();
      });
      if (this.clock.zero !== null) control.set({ minutes: 0 });
      return control;
    }

    /** From hours to dates, or back: what can be told in the other way is. */
    #switch(dates) {
      const told = this.read();
      if (dates) {
        const begin = new Date();
        begin.setHours(8, 0, 0, 0);
        const local = new Date(begin.getTime() - begin.getTimezoneOffset() * 60000);
        const isKnown = simulator.times.instant(this.anchor) !== null; // hours do without it
        const anchor = isKnown ? this.anchor : `${local.toISOString().slice(0, 16)}Z`;
        told.anchors = { ...told.anchors, [this.clock.anchor]: anchor };
      }
      this.clock.dates = dates;
      this.write(told);
      this.moments.mode.focus();
      this.changed();
    }

    // --- groups ------------------------------------------------------------------------------------

    #groups() {
      const first = this.fields.filter((each) => this.first.has(each.about.name));
      const more = this.fields.filter((each) => !this.first.has(each.about.name));
      return [
        ...first.map((each) => each.node),
        this.#folded("More data", "for definitions, and for reasons that add weight", more),
        this.#folded("Site settings", "what your hospital has chosen", this.settings),
      ].filter(Boolean);
    }

    #folded(title, about, fields) {
      if (!fields.length) return null;
      const summary = make("summary", {}, title, make("span", { class: "soft" }, ` ${about}`));
      const node = make("details", { class: "further" }, summary, ...fields.map((each) => each.node));
      node.open = fields.some((each) => each.get() !== undefined);
      return node;
    }

    /** A setting is never unknown: empty is the guideline's default. */
    #setting(each) {
      const { amount } = simulator.words;
      const kept = each.codes?.find((one) => one.code === each.default)?.label ?? each.default;
      const shown = each.kind === "code" ? kept : each.default && amount(each.default, each.unit);
      const field = simulator.field({ ...each, low: undefined, high: undefined }, this.clock, this.changed);
      const unsaid = [...field.node.querySelectorAll(".choice")].at(-1)?.lastChild;
      if (unsaid) unsaid.textContent = shown ? `Default: ${shown}` : "Not chosen";
      field.node.querySelectorAll("input[type=text]").forEach((input) => {
        input.placeholder = each.default ? readable(each.default) : "";
      });
      const ends = [permitted(each), shown ? `default: ${shown}` : "no default"].filter(Boolean);
      field.node.querySelector(".hint")?.append(` · ${ends.join(" · ")}`);
      return field;
    }

    // --- what is wrong -----------------------------------------------------------------------------

    /** Put what reading the patient told beside what it is about. @param {object[]} problems */
    show(problems) {
      for (const each of this.node.querySelectorAll(".problems")) each.replaceChildren();
      for (const each of this.node.querySelectorAll("[aria-invalid]")) {
        each.removeAttribute("aria-invalid");
      }
      const rows = new Map(this.fields.map((each) => [each, each.rows]));
      const unseen = new Map();
      for (const each of problems) {
        const field = this.#field(each);
        const row = rows.get(field)?.[each.path?.[2]];
        if (row !== null) this.#tell(each, row ?? this.#place(each, field));
        else if (unseen.has(field)) unseen.get(field).push(each);
        else unseen.set(field, [each]);
      }
      for (const [field, found] of unseen) this.#tellUnseen(field, found);
    }

    /** Tell one problem at a place; what is filled in there is marked. */
    #tell(problem, place) {
      place.append(this.#problem(problem));
      if (problem.severity === "note") return;
      const owner = place.parentElement;
      owner.querySelectorAll("input[type=text]").forEach((one) => one.setAttribute("aria-invalid", "true"));
    }

    #problem(problem, lead = "") {
      const mark = { error: "✕", warning: "△", note: "○" }[problem.severity];
      const sign = make("span", { class: "mark", "aria-hidden": "true" }, `${mark} `);
      const about = this.#about(problem);
      const words = [about ? problem.message.replaceAll(`\`${about.name}\``, about.label) : problem.message];
      words.push(this.#help(problem, about || {}) || "");
      return make("p", { class: `problem ${problem.severity}` }, sign, lead, words.join(" ").trim());
    }

    /** What is wrong with results that have no row yet: the first of it, and how much more there is. */
    #tellUnseen(field, problems) {
      const place = field.node.querySelector(":scope > .problems");
      const told = problems.slice(0, UNSEEN).map((each) => this.#problem(each, `Result ${each.path[2] + 1}: `));
      const rest = problems.length - told.length;
      const more = `${readable(String(rest))} more such remarks on results that are not shown.`;
      place.append(...told, ...(rest ? [make("p", { class: "problem" }, more)] : []));
    }

    #about(problem) {
      const name = problem.subject ?? problem.path?.[1];
      return [...this.fields, ...this.settings].find((each) => each.about.name === name)?.about;
    }

    #help(problem, about) {
      const found = HELP[problem.code];
      if (typeof found === "function") return found(about, this.clock);
      return found || problem.help;
    }

    /** The field a problem is about, which is then unfolded; undefined where there is none. */
    #field(problem) {
      const [part, name] = problem.path || [];
      if (part === "now" || part === "anchors") return undefined;
      const among = part === "settings" ? this.settings : this.fields;
      const field = among.find((each) => each.about.name === (name ?? problem.subject));
      field?.node.closest("details")?.setAttribute("open", "");
      return field;
    }

    #place(problem, field) {
      if (field) return field.node.querySelector(":scope > .problems");
      const isMoment = ["now", "anchors"].includes(problem.path?.[0]);
      return isMoment ? this.moments.node.querySelector(".problems") : this.general;
    }

    /** Go to the control for an input. @param {string} name */
    focus(name) {
      const field = this.fields.find((each) => each.about.name === name);
      if (!field) return this.moments.now.input.focus();
      field.node.closest("details")?.setAttribute("open", "");
      field.node.scrollIntoView({ block: "center" });
      field.focus();
    }
  }

  /** What a site may choose. */
  function permitted(each) {
    if (each.low === undefined && each.high === undefined) return "";
    const { amount } = simulator.words;
    const low = each.low === undefined ? "" : readable(each.low) + (each.lowInclusive ? "" : " (not included)");
    const high = each.high === undefined ? "" : amount(each.high, each.unit) + (each.highInclusive ? "" : " (not included)");
    return `permitted: ${low ? `${low} to ` : "up to "}${high || "more"}`;
  }

  simulator.Form = Form;
})();
