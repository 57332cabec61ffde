/**
 * Where every recommendation stands, and which datum to find out next.
 *
 * What an open rule needs are the unknown data in its unknown conditions. Each that can still be
 * obtained is tried out. The best question settles the most open rules in the worst case, then on
 * average, then costs least.
 */
globalThis.guidegraph ??= {};
guidegraph.asking = (() => {
  "use strict";
  const { loaded, parts } = guidegraph.kernel;
  const { Cuts } = guidegraph.cuts;
  const { stated } = guidegraph.documents;

  /** Where one rule stands: {rule, guard, effective, status, isOpen, isInForce}. */
  function standing(rule, meant) {
    const [guard, effective] = [meant.truth(rule.guard), meant.truth(rule.effective)];
    const status = statusOf(guard, effective);
    const isOpen = status === "undetermined" || status === "provisional";
    const isInForce = status === "applies" || status === "provisional";
    return { rule, guard, effective, status, isOpen, isInForce };
  }

  function statusOf(guard, effective) {
    if (guard === null) return effective === false ? "notApplicable" : "undetermined";
    if (guard === false) return "notApplicable";
    if (effective === null) return "provisional";
    return effective ? "applies" : "defeated";
  }

  /** The unknown data behind a condition that is unknown; nothing if it is known. */
  function needs(node, meant, now) {
    const found = new Map();
    for (const d of unknownData(node, meant)) {
      const need = needOf(d, meant, now);
      if (need) found.set(JSON.stringify(need), need);
    }
    return found;
  }

  /** The data of the comparisons and answers that make a condition unknown. */
  function* unknownData(node, meant) {
    if (meant.truth(node) !== null) return;
    const { criteria, rules } = loaded();
    if (node.form === "criterion") yield* unknownData(criteria.get(node.name).condition, meant);
    else if (node.form === "rule") yield* unknownData(rules.get(node.name).effective, meant);
    else if (node.form === "cmp") for (const [, d] of node.terms) yield d;
    else if (node.d !== undefined) yield node.d;
    else for (const each of parts(node)) yield* unknownData(each, meant);
  }

  /** What would have to be found out for a datum to be known; null if it is known, or never asked. */
  function needOf(d, meant, now) {
    const { name, setting, isSeries, low, high } = loaded().data[d];
    if (setting !== undefined || name === "now") return null;
    const isKnown = (isSeries ? meant.number(d) : meant.held(d)) !== null;
    if (isKnown) return null;
    if (!isSeries) return { input: name, isSeries, low: null, high: null, minute: null };
    return { input: name, isSeries, low, high, minute: earliest(low, high, now) };
  }

  /** The first minute of a window that is not past; null if it has passed altogether. */
  function earliest(low, high, now) {
    if (now === null) return low ?? Math.min(0, high ?? 0);
    const first = low === null ? now : Math.max(now, low);
    return high === null || first <= high ? first : null;
  }

  const isIndeterminable = (need) => need.isSeries && need.minute === null;
  const windowOf = ({ isSeries, low, high, minute }) => (isSeries ? { from: low, to: high, earliest: minute } : null);

  /** What a rule that is open needs. */
  function needsOf(rule, meant, now) {
    const wanted = new Map();
    for (const part of [rule.guard, ...rule.unless]) {
      for (const [key, need] of needs(part, meant, now)) if (!wanted.has(key)) wanted.set(key, need);
    }
    return wanted;
  }

  /** Every datum that can still be obtained and that an open rule needs; the best one first. */
  function questions(found, meant, now) {
    const { inputs, place } = loaded();
    const rules = found.filter((each) => each.isOpen).map((each) => each.rule);
    const cuts = new Cuts(rules.flatMap((rule) => [rule.guard, ...rule.unless]), meant);
    const wanted = new Map();
    for (const rule of rules) {
      for (const [key, need] of needsOf(rule, meant, now)) if (!wanted.has(key)) wanted.set(key, need);
    }
    const asked = [...wanted.values()]
      .filter((need) => inputs.has(need.input) && !isIndeterminable(need))
      .map((need) => tried(need, rules, cuts, meant));
    const rank = (one, other) =>
      other.atLeast - one.atLeast
      || other.total * one.count - one.total * other.count
      || inputs.get(one.need.input).cost - inputs.get(other.need.input).cost
      || place.get(one.need.input) - place.get(other.need.input)
      || (one.need.minute ?? 0) - (other.need.minute ?? 0)
      || (one.need.high === null) - (other.need.high === null)
      || (one.need.high ?? 0) - (other.need.high ?? 0);
    return asked.sort(rank).map((each) => question(each, inputs));
  }

  /** What answering a need would settle, for every answer worth trying. */
  function tried(need, rules, cuts, meant) {
    const answers = cuts.answers(need.input, need.minute);
    const settled = answers.map((answer) => {
      const held = typeof answer === "bigint" ? cuts.held(need.input, need.minute, answer) : answer;
      const then = meant.with(need.input, held);
      return rules.filter((rule) => !standing(rule, then).isOpen).map((rule) => rule.id);
    });
    const byAny = new Set(settled.flat());
    return {
      need,
      atLeast: Math.min(...settled.map((names) => names.length)),
      total: settled.reduce((sum, names) => sum + names.length, 0),
      count: settled.length,
      rules: rules.map((rule) => rule.id).filter((name) => byAny.has(name)),
    };
  }

  function question({ need, atLeast, total, count, rules }, inputs) {
    const input = inputs.get(need.input);
    const tenths = Math.floor((20 * total + count) / (2 * count));
    return stated({
      id: input.name,
      label: input.label || null,
      question: input.question || null,
      kind: input.kind,
      unit: input.unit,
      codes: input.codes?.map((each) => each.code),
      window: windowOf(need),
      settles: { atLeast, onAverage: `${Math.floor(tenths / 10)}.${tenths % 10}`, rules },
    });
  }

  return { standing, questions, needsOf, earliest, isIndeterminable, windowOf };
})();
