/** A series of results with their times: not known, none taken, or rows that come and go. */
"use strict";

(() => {
  const guidegraph = (globalThis.guidegraph ??= {});
  const simulator = (guidegraph.simulator ??= {});
  const { make } = simulator.words;

  /** @param {object} about @param {object} clock @param {() => void} changed */
  function series(about, clock, changed) {
    const { radios, frame, range, isMapping } = simulator.parts;
    const kept = [
      ["unknown", "Not known"],
      ["none", "None taken"],
      ["some", "These results"],
    ];
    const choice = radios(kept, () => {
      if (choice.get() === "some" && !rows.length) add();
      show();
      changed();
    });
    const listed = make("ol", { class: "rows" });
    const more = make("button", { type: "button", class: "quiet-button" }, "Add a result");
    const box = make("div", { class: "results" }, listed, more);
    const node = frame(about, [choice.node, box], range(about));
    /** @type {object[]} */
    let rows = [];

    more.addEventListener("click", () => {
      add(rows.at(-1));
      rows.at(-1).focus();
      changed();
    });

    const show = () => {
      box.hidden = choice.get() !== "some";
    };

    /** A new row; unit and basis are those of the row before. */
    function add(before) {
      const one = row(about, clock, changed, () => remove(one));
      if (before) one.like(before);
      rows.push(one);
      listed.append(one.node);
      number();
      return one;
    }

    function remove(one) {
      const place = rows.indexOf(one);
      rows = rows.filter((each) => each !== one);
      one.node.remove();
      number();
      (rows[Math.min(place, rows.length - 1)] || { focus: () => more.focus() }).focus();
      changed();
    }

    const number = () => rows.forEach((each, place) => each.called(place + 1));

    return {
      about,
      node,
      get rows() {
        return rows.filter((each) => each.get() !== null).map((each) => each.problems);
      },
      get() {
        if (choice.get() === "none") return [];
        if (choice.get() !== "some") return undefined;
        const held = rows.map((each) => each.get()).filter((each) => each !== null);
        return held.length ? held : undefined;
      },
      set(told) {
        rows.forEach((each) => each.node.remove());
        rows = [];
        if (told === undefined || told === null) return choice.set("unknown"), show(), true;
        if (!Array.isArray(told) || !told.every(isMapping)) return choice.set("unknown"), show(), false;
        choice.set(told.length ? "some" : "none");
        show();
        return told.map((each) => add().set(each)).every(Boolean);
      },
      focus() {
        if (choice.get() === "some" && rows.length) rows.at(-1).focus();
        else choice.focus();
      },
    };
  }

  /** One result. Rows that are still empty are not yet results. */
  function row(about, clock, changed, remove) {
    const { measured, fresh } = simulator.parts;
    const problems = make("div", { class: "problems", id: fresh() });
    const number = measured(about, about.label, changed);
    const time = clock.control(about.label, clock.shown(), changed);
    const button = make("button", { type: "button", class: "remove", onclick: remove }, "×");
    const node = make(
      "li",
      { "aria-describedby": problems.id },
      make("div", { class: "parts" }, time.node, ...number.parts.filter(Boolean), button),
      problems,
    );
    let by;
    return {
      node,
      problems,
      focus: () => time.input.focus(),
      called(place) {
        button.setAttribute("aria-label", `Remove result ${place} of ${about.label}`);
        node.setAttribute("aria-label", `Result ${place}`);
      },
      get() {
        const when = time.get();
        if (!number.isFilled() && !Object.keys(when).length) return null;
        return { ...when, ...number.get(), ...(by === undefined ? {} : { by }) };
      },
      choices: () => number.get(),
      set(told) {
        const { by: author, ...rest } = told;
        by = author;
        return number.set(told) && time.set(rest);
      },
      like(before) {
        const { unit, basis } = before.choices();
        number.set({ value: "", unit, basis });
      },
    };
  }

  simulator.series = series;
})();
