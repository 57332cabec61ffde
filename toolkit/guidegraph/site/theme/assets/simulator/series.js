/**
 * A series of results with their times: not known, none taken, or rows that come and go.
 *
 * Of a long series only the last results have rows at first. The others are kept as the rows would give
 * them, count just as much, and get their rows when somebody asks.
 */
"use strict";

(() => {
  const guidegraph = (globalThis.guidegraph ??= {});
  const simulator = (guidegraph.simulator ??= {});
  const { make, readable } = simulator.words;

  const SHOWN = 20;
  const MORE = 100;
  const AT_ONCE = 50;

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
    const some = make("button", { type: "button", class: "quiet-button" });
    const all = make("button", { type: "button", class: "quiet-button" });
    const told = make("p", { class: "hint" });
    const before = make("div", { class: "earlier", hidden: true }, told, some, all);
    const box = make("div", { class: "results" }, before, listed, more);
    const node = frame(about, [choice.node, box], range(about));
    /** @type {object[]} the results before those that have rows, as they stand in the document */
    let earlier = [];
    /** @type {object[]} */
    let rows = [];
    let waiting = 0;

    more.addEventListener("click", () => {
      add(rows.at(-1));
      rows.at(-1).focus();
      changed();
    });
    some.addEventListener("click", () => unfold(MORE));
    all.addEventListener("click", () => unfold(earlier.length));

    const show = () => {
      box.hidden = choice.get() !== "some";
    };

    function made() {
      const one = row(about, clock, changed, () => remove(one));
      return one;
    }

    /** A new row; unit and basis are those of the row before. */
    function add(like) {
      const one = made();
      if (like) one.like(like);
      rows.push(one);
      listed.append(one.node);
      one.called(earlier.length + rows.length);
      tell();
    }

    function remove(one) {
      const place = rows.indexOf(one);
      rows.splice(place, 1);
      one.node.remove();
      if (!rows.length && earlier.length) unfold(SHOWN);
      number(place);
      tell();
      (rows[Math.min(place, rows.length - 1)] || { focus: () => more.focus() }).focus();
      changed();
    }

    /** Name the rows from a place on by where they stand. */
    function number(from = 0) {
      for (let place = from; place < rows.length; place += 1) rows[place].called(earlier.length + place + 1);
    }

    /** What is not shown, in words. */
    function tell() {
      before.hidden = !earlier.length;
      if (!earlier.length) return;
      const count = (value) => readable(String(value));
      told.textContent = `These are the last ${count(rows.length)} of ${count(earlier.length + rows.length)} results. `
        + "Those before them count just as much.";
      some.textContent = `Show ${count(Math.min(MORE, earlier.length))} before them`;
      all.textContent = "Show all";
      all.hidden = earlier.length <= MORE;
    }

    /**
     * Rows for the last of the results that have none. They are made a few at a time, so that the page
     * stays at hand, and put in all at once, as the browser places all rows anew each time.
     */
    function unfold(size, shown = []) {
      clearTimeout(waiting);
      const end = earlier.length - shown.length;
      const start = Math.max(0, earlier.length - size, end - AT_ONCE);
      shown = [...earlier.slice(start, end).map((each, place) => filled(each, start + place + 1)), ...shown];
      if (start > Math.max(0, earlier.length - size)) {
        told.textContent = "Showing them …";
        waiting = setTimeout(() => unfold(size, shown), 0);
        return;
      }
      const [first] = rows;
      earlier = earlier.slice(0, start);
      rows = [...shown, ...rows];
      listed.prepend(...shown.map((each) => each.node));
      tell();
      if (before.hidden) first?.focus();
      changed();
    }

    function filled(result, place) {
      const one = made();
      one.set(result);
      one.called(place);
      return one;
    }

    /** The results as their rows would give them; null if a row cannot show one of them. */
    function rolled(results) {
      const one = made();
      const held = results.map((each) => (one.set(each) ? one.get() ?? each : null));
      return held.includes(null) ? null : held;
    }

    return {
      about,
      node,
      /** Where to tell what is wrong with each result; null for one that has no row. */
      get rows() {
        const shown = rows.filter((each) => each.get() !== null).map((each) => each.problems);
        return [...earlier.map(() => null), ...shown];
      },
      get() {
        if (choice.get() === "none") return [];
        if (choice.get() !== "some") return undefined;
        const held = [...earlier, ...rows.map((each) => each.get()).filter((each) => each !== null)];
        return held.length ? held : undefined;
      },
      set(results) {
        clearTimeout(waiting);
        listed.replaceChildren();
        [rows, earlier] = [[], []];
        tell();
        if (results === undefined || results === null) return choice.set("unknown"), show(), true;
        if (!Array.isArray(results) || !results.every(isMapping)) return choice.set("unknown"), show(), false;
        choice.set(results.length ? "some" : "none");
        show();
        earlier = rolled(results.slice(0, -SHOWN));
        if (earlier === null) {
          earlier = [];
          return false;
        }
        const isShown = results.slice(-SHOWN).map((each) => (add(), rows.at(-1).set(each)));
        return isShown.every(Boolean);
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
