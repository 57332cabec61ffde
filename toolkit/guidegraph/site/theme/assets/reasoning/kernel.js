/**
 * What a condition means for one patient: true, false or null (unknown), by strong Kleene logic over
 * whole numbers (wire values: steps of the last decimal place a datum is known to).
 *
 * The conditions are those of `guidegraph.described`, written as lists; here they are objects:
 * {form: "yes", d} {form: "criterion"|"rule", name} {form: "cmp", op, terms, constant, order}
 * {form: "in", d, codes} {form: "not", operand} {form: "and"|"or", operands}
 * {form: "score", atLeast, items} {form: "assume", operand, default, why}; `d` is the place of a
 * datum in `data`.
 */
globalThis.guidegraph ??= {};
guidegraph.kernel = (() => {
  "use strict";
  const { compare, fromWire, parse, plus, times } = guidegraph.exact;
  const { Changed, spans } = guidegraph.samples;
  const HOLDS = {
    "<": (sum) => sum < 0n,
    "<=": (sum) => sum <= 0n,
    ">": (sum) => sum > 0n,
    ">=": (sum) => sum >= 0n,
    "=": (sum) => sum === 0n,
    "!=": (sum) => sum !== 0n,
  };
  const byName = (list) => new Map(list.map((each) => [each.name ?? each.id, each]));
  let program = null;

  /**
   * The guideline ready to be reasoned about, made once: its data, inputs, settings, criteria and
   * rules by name, with conditions as objects.
   */
  function loaded() {
    if (program) return program;
    const { described } = guidegraph;
    const inputs = byName(described.inputs);
    const settings = byName(described.settings);
    const criteria = byName(described.criteria.map((each) => ({ ...each, condition: condition(each.condition) })));
    const rules = byName(described.recommendations.map(rule));
    const data = described.data.map((each) => datum(each, inputs, settings));
    const place = new Map([...inputs.keys()].map((name, number) => [name, number]));
    program = { inputs, settings, criteria, rules, data, place };
    return program;
  }

  function rule(each) {
    const guard = condition(each.guard);
    const unless = each.unless.map(condition);
    const exceptions = unless.map((operand) => ({ form: "not", operand }));
    return { ...each, guard, unless, effective: { form: "and", operands: [guard, ...exceptions] } };
  }

  function datum(each, inputs, settings) {
    const isLength = each.fn === "count" || each.fn === "run";
    const declared = each.setting === undefined ? inputs.get(each.input) : settings.get(each.setting);
    const scale = isLength ? 0 : declared?.scale ?? 0;
    return { ...each, name: each.input ?? each.setting, isSeries: each.fn !== undefined, isLength, scale };
  }

  function condition(written) {
    const [form, first, second, third, fourth] = written;
    switch (form) {
      case "yes":
        return { form, d: first };
      case "cmp": {
        const terms = second.map(([factor, d]) => [BigInt(factor), d]);
        return { form, op: first, terms, constant: BigInt(third), order: fourth ?? terms.map(([, d]) => d) };
      }
      case "in":
        return { form, d: first, codes: second };
      case "not":
        return { form, operand: condition(first) };
      case "and":
      case "or":
        return { form, operands: first.map(condition) };
      case "score":
        return { form, atLeast: first, items: second.map(([each, points]) => [condition(each), points]) };
      case "assume":
        return { form, operand: condition(first), default: second, why: third };
      default:
        return { form, name: first };
    }
  }

  /** The meaning of conditions for one patient; `hidden` are places of data taken as not known. */
  class Meaning {
    constructor(inputs, settings, hidden = new Set()) {
      this.inputs = inputs;
      this.settings = settings;
      this.hidden = hidden;
      this.program = loaded();
      this.truths = new Map();
      this.numbers = new Map();
    }

    /** The same with one input replaced, nothing hidden. */
    with(name, value) {
      return new Meaning(new Map(this.inputs).set(name, value), this.settings);
    }

    /** @returns {?boolean} */
    truth(node) {
      let known = this.truths.get(node);
      if (known === undefined) {
        known = this.#truth(node);
        this.truths.set(node, known);
      }
      return known;
    }

    #truth(node) {
      switch (node.form) {
        case "criterion":
          return this.truth(this.program.criteria.get(node.name).condition);
        case "rule":
          return this.truth(this.program.rules.get(node.name).effective);
        case "yes": {
          const value = this.held(node.d);
          return typeof value === "boolean" ? value : null;
        }
        case "cmp":
          return this.#compared(node);
        case "in": {
          const value = this.held(node.d);
          return typeof value === "string" ? node.codes.includes(value) : null;
        }
        case "not":
          return negated(this.truth(node.operand));
        case "and":
          return this.#every(node.operands, false);
        case "or":
          return this.#every(node.operands, true);
        case "score":
          return this.#scored(node);
        default: {
          const answer = this.truth(node.operand);
          return answer === null ? node.default : answer;
        }
      }
    }

    /** One operand that answers `ends` is enough for it; else an unknown one leaves it open. */
    #every(operands, ends) {
      let result = !ends;
      for (const each of operands) {
        const answer = this.truth(each);
        if (answer === ends) return ends;
        if (answer === null) result = null;
      }
      return result;
    }

    #compared({ op, terms, constant }) {
      let sum = constant;
      for (const [factor, d] of terms) {
        const value = this.number(d);
        if (value === null) return null;
        sum += factor * value;
      }
      return HOLDS[op](sum);
    }

    #scored(node) {
      const { reached, possible } = this.points(node);
      return reached >= node.atLeast ? true : possible >= node.atLeast ? null : false;
    }

    /** The points of a score that are reached and those still possible. */
    points({ items }) {
      let [reached, possible] = [0, 0];
      for (const [item, points] of items) {
        const answer = this.truth(item);
        if (answer === true) reached += points;
        if (answer !== false) possible += points;
      }
      return { reached, possible };
    }

    /** What is known under the name of a datum: a series whole. */
    held(d) {
      const { setting, name } = this.program.data[d];
      return (setting === undefined ? this.inputs : this.settings).get(name) ?? null;
    }

    /** The wire value of a datum that is a number, or null. @returns {?bigint} */
    number(d) {
      if (this.hidden.has(d)) return null;
      let known = this.numbers.get(d);
      if (known === undefined) {
        const value = this.held(d);
        const one = this.program.data[d];
        if (one.isSeries) known = aggregate(one, value);
        else known = typeof value === "bigint" ? value : null;
        this.numbers.set(d, known);
      }
      return known;
    }

    /** A number of a limit by formula, in canonical units; null where it is not known. */
    value([form, first, second, third]) {
      if (form === "const") return parse(first);
      if (form === "datum") {
        const number = this.number(first);
        return number === null ? null : fromWire(number, this.program.data[first].scale);
      }
      if (form === "sum") {
        let total = parse(first);
        for (const [factor, part] of second) {
          const each = this.value(part);
          if (each === null) return null;
          total = plus(total, times(parse(factor), each));
        }
        return total;
      }
      const holds = this.truth(condition(first));
      const outcomes = [];
      if (holds !== false) outcomes.push(this.value(second));
      if (holds !== true) outcomes.push(this.value(third));
      const isOne = outcomes.every((each) => each !== null && compare(each, outcomes[0] ?? each) === 0);
      return isOne ? outcomes[0] : null;
    }
  }

  const negated = (truth) => (truth === null ? null : !truth);

  /** The aggregate of the samples inside a window, or null where it is not known. */
  function aggregate(datum, series) {
    if (series instanceof Changed) return series.aggregate(datum);
    if (!Array.isArray(series)) return null;
    const inside = series.filter(([minute]) => spans(datum, minute)).map(([, value]) => value);
    if (datum.fn === "count") return BigInt(inside.length);
    if (!inside.length) return null;
    switch (datum.fn) {
      case "first":
        return inside[0];
      case "last":
        return inside[inside.length - 1];
      case "max":
        return inside.reduce((one, other) => (other > one ? other : one));
      case "min":
        return inside.reduce((one, other) => (other < one ? other : one));
      default: {
        let length = 1;
        while (length < inside.length && inside.at(-length - 1) < inside.at(-length)) length += 1;
        return BigInt(length);
      }
    }
  }

  /** Facts and settings in wire form as what `Meaning` takes. */
  function values(wire) {
    const big = (value) => {
      if (Array.isArray(value)) return value.map(([minute, each]) => [minute, BigInt(each)]);
      return typeof value === "number" ? BigInt(value) : value;
    };
    return new Map(Object.entries(wire).map(([name, value]) => [name, big(value)]));
  }

  /** The data a condition looks at itself (not through what it names), each once, in order. */
  function dataOf(node, found = new Set()) {
    switch (node.form) {
      case "yes":
      case "in":
        found.add(node.d);
        break;
      case "cmp":
        node.terms.forEach(([, d]) => found.add(d));
        break;
      default:
        for (const each of parts(node)) dataOf(each, found);
    }
    return found;
  }

  /** The conditions directly inside a condition. */
  function parts(node) {
    if (node.operands) return node.operands;
    if (node.items) return node.items.map(([item]) => item);
    return node.operand ? [node.operand] : [];
  }

  return { Meaning, aggregate, condition, dataOf, loaded, parts, spans, values };
})();
