/**
 * The answers to try for a datum: yes and no, every code, or the values beside each limit.
 *
 * A number changes what is decided only where a comparison that depends on it changes. So of all its
 * values only those just below, at and just above such a limit are tried. Numbers are wire values.
 */
globalThis.guidegraph ??= {};
guidegraph.cuts = (() => {
  "use strict";
  const { floor, fraction, negative, parse, tenTo, times } = guidegraph.exact;
  const { loaded, parts, spans } = guidegraph.kernel;
  const { Changed } = guidegraph.samples;

  class Cuts {
    /** @param {object[]} conditions @param {object} meant  the meaning for the patient */
    constructor(conditions, meant) {
      this.meant = meant;
      this.program = loaded();
      /** Places of the data that conditions can come to, in the order in which they do. */
      this.data = new Set();
      this.comparisons = [];
      this.assumptions = [];
      this.#collect(conditions);
    }

    /** Everything that conditions can come to, through what they refer to. */
    #collect(conditions) {
      const seen = new Set();
      const queue = [...conditions];
      for (let at = 0; at < queue.length; at += 1) {
        const node = queue[at];
        if (typeof node === "number") {
          this.data.add(node);
        } else if (Array.isArray(node)) {
          queue.push(...node);
        } else if (node.form === "criterion" || node.form === "rule") {
          const key = `${node.form} ${node.name}`;
          if (!seen.has(key)) queue.push(definition(this.program, node));
          seen.add(key);
        } else if (node.form === "yes") {
          this.data.add(node.d);
        } else {
          if (node.form === "cmp") this.comparisons.push(node);
          if (node.form === "assume") this.assumptions.push(node);
          queue.push(...(node.order ?? (node.form === "in" ? [node.d] : parts(node))));
        }
      }
    }

    /** The answers to try, each plausible; numbers ascend. */
    answers(name, minute) {
      const declared = this.program.inputs.get(name);
      if (declared?.kind === "boolean") return [true, false];
      if (declared?.kind === "code") return declared.codes?.map((each) => each.code) ?? [""];
      const [low, high] = limits(declared);
      const found = [...new Set(this.#beside(name, minute))]
        .filter((each) => (low === null || each >= low) && (high === null || each <= high))
        .sort((a, b) => (a < b ? -1 : 1));
      return found.length ? found : [low ?? 0n];
    }

    /** What the input holds with the answer: a series gains (or has changed) one sample. */
    held(name, minute, answer) {
      return minute === null ? answer : new Changed(this.samples(name)).with(minute, answer);
    }

    /** What is known of a series; nothing if it is unknown. */
    samples(name) {
      const held = this.meant.inputs.get(name);
      return Array.isArray(held) ? held : [];
    }

    /** The values a datum can have that are nearest to each cut: below, at and above it. */
    *#beside(name, minute) {
      for (const cut of this.#cuts(name, minute)) {
        const below = floor(cut);
        yield below;
        yield below + 1n;
        if (cut.d === 1n) yield below - 1n;
      }
    }

    /** The values at which a comparison that depends on the datum changes its answer. */
    *#cuts(name, minute) {
      for (const each of this.comparisons) {
        const cut = this.#cut(each, name, minute);
        if (cut) yield cut;
        for (const [, d] of each.terms) {
          const part = this.program.data[d];
          if (part.fn !== "run" || !isInside(part, name, minute)) continue;
          const before = { fn: "last", low: part.low, high: minute - 1 };
          const value = new Changed(this.samples(name)).aggregate(before);
          if (value !== null) yield fraction(value);
        }
      }
    }

    /** Where both sides are equal, if everything else they depend on is known. */
    #cut(comparison, name, minute) {
      let [factor, rest] = [0n, comparison.constant];
      for (const [coefficient, d] of comparison.terms) {
        if (isDecidedBy(this.program.data[d], name, minute)) {
          factor += coefficient;
          continue;
        }
        const value = this.meant.number(d);
        if (value === null) return null;
        rest += coefficient * value;
      }
      return factor ? negative(fraction(rest, factor)) : null;
    }
  }

  const definition = (program, { form, name }) =>
    form === "rule" ? program.rules.get(name).effective : program.criteria.get(name).condition;

  /** Whether a sample lies in the window of a datum of a series. */
  const isInside = (part, name, minute) =>
    part.isSeries && part.name === name && minute !== null && spans(part, minute);

  /** Whether a number has the value of the datum (counts and runs only depend on it). */
  function isDecidedBy(part, name, minute) {
    if (part.isSeries) return !part.isLength && isInside(part, name, minute);
    return part.setting === undefined && part.name === name;
  }

  /** The smallest and largest plausible wire value; null where there is none. */
  function limits(declared) {
    const onWire = (text) => times(parse(text), tenTo(declared.scale));
    const low = declared?.low === undefined ? null : -floor(negative(onWire(declared.low)));
    const high = declared?.high === undefined ? null : floor(onWire(declared.high));
    return [low, high];
  }

  return { Cuts };
})();
