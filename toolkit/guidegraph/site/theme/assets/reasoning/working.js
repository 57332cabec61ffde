/**
 * How a limit by formula came to its value, in words that follow the value.
 *
 * A formula is written as lists: ["amount", words], ["said", words], ["named", words, datum],
 * ["sign", sign, x], ["join", sign, x, y], ["if", test, condition, x, y, opposite of the test].
 */
globalThis.guidegraph ??= {};
guidegraph.working = (() => {
  "use strict";
  const { condition } = guidegraph.kernel;
  const SIGNS = { "*": "×", "-": "−", "<=": "≤", ">=": "≥", "!=": "≠" };
  const BINDING = { or: 1, and: 2, "+": 4, "-": 4, "*": 5, "/": 5 };
  const [COMPARED, PREFIXED] = [3, 6];

  /**
   * `= Age (71 years) × 10 µg/L/a, as Age (71 years) > 50 years`: of each choice only the outcome
   * taken is shown; the whole formula where it is not known which.
   * @param {Array} tree @param {(datum: number) => string} valueOf @param {object} meant
   */
  function worked(tree, valueOf, meant) {
    const reasons = [];
    const taken = outcome(tree, meant, valueOf, reasons);
    if (taken === null) return `= ${said(tree, valueOf)}`;
    const parts = taken[0] === "amount" ? [] : [`= ${said(taken, valueOf)}`];
    if (reasons.length) parts.push(`as ${reasons.join(" and ")}`);
    return parts.join(", ");
  }

  /** A formula with each choice replaced by the outcome taken; its reasons are added. */
  function outcome(tree, meant, valueOf, reasons) {
    const [form, first, second, third, fourth, fifth] = tree;
    if (form === "if") {
      const holds = meant.truth(condition(second));
      if (holds === null) return null;
      reasons.push(said(holds ? first : fifth, valueOf));
      return outcome(holds ? third : fourth, meant, valueOf, reasons);
    }
    if (form === "sign" && first === "-") {
      const inner = outcome(second, meant, valueOf, reasons);
      return inner && ["sign", "-", inner];
    }
    if (form === "join") {
      const left = outcome(second, meant, valueOf, reasons);
      const right = outcome(third, meant, valueOf, reasons);
      return left && right && ["join", first, left, right];
    }
    return tree;
  }

  function said(tree, valueOf) {
    const [form, first, second, third, fourth] = tree;
    switch (form) {
      case "named":
        return `${first} (${valueOf(second)})`;
      case "sign":
        return `${first === "not" ? "not " : "−"}${inner(second, PREFIXED, valueOf)}`;
      case "join": {
        const binds = BINDING[first] ?? COMPARED;
        const sides = [inner(second, binds, valueOf), inner(third, binds + 1, valueOf)];
        return `${sides[0]} ${SIGNS[first] ?? first} ${sides[1]}`;
      }
      case "if":
        return `${inner(third, 1, valueOf)} if ${said(first, valueOf)}, otherwise ${said(fourth, valueOf)}`;
      default:
        return first;
    }
  }

  /** An operand, in brackets where its own sign binds less than `least`. */
  function inner(tree, least, valueOf) {
    const binds = { if: 0, join: BINDING[tree[1]] ?? COMPARED }[tree[0]] ?? PREFIXED + 1;
    const words = said(tree, valueOf);
    return binds < least ? `(${words})` : words;
  }

  return { worked };
})();
