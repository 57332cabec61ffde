/**
 * Why a condition is true, false or unknown: down to datum, limit, passage and claim.
 *
 * The reasons of a rule are a tree of lines, one per named criterion, pruned to what decides: of a
 * true "all of" every part, of a false one only the false parts, of an unknown one the unknown ones.
 */
globalThis.guidegraph ??= {};
guidegraph.reasons = (() => {
  "use strict";
  const { compare, fromWire, parse, plain } = guidegraph.exact;
  const { amount } = guidegraph.words;
  const { dataOf, loaded, spans } = guidegraph.kernel;
  const { stated } = guidegraph.documents;

  /** The fields that say something: not empty lists and texts either. */
  const present = (fields) =>
    Object.fromEntries(Object.entries(stated(fields)).filter(([, value]) => value !== "" && value.length !== 0));

  /** Looks up what the document says about the data that a condition uses. */
  class Ledger {
    /** @param {object} reading  what `guidegraph.patient.read` gave @param {object} meant */
    constructor(reading, meant) {
      this.reading = reading;
      this.inputs = meant.inputs;
      this.settings = meant.settings;
      this.program = loaded();
    }

    /** The datum or setting at a place of the data, as JSON. */
    use(d) {
      return this.#use(d).told;
    }

    /** Its value with its unit, "yes" or "no", or "not known". */
    words(d) {
      const { value, unit } = this.#use(d);
      if (value === null) return "not known";
      if (typeof value === "boolean") return value ? "yes" : "no";
      return typeof value === "string" ? value : amount(value, unit);
    }

    /** Why what the document says of an input cannot be used; null if it says nothing. */
    unknownReason(name) {
      const reason = this.reading.unknown[name] ?? "missing";
      return reason === "missing" || reason === "null" ? null : guidegraph.described.words.reasons[reason];
    }

    #use(d) {
      const part = this.program.data[d];
      if (part.setting !== undefined) return this.#setting(part);
      if (part.name === "now") {
        const value = this.#exact(this.inputs.get("now") ?? null, 0);
        return this.#told({ input: "now", label: "Time of the decision" }, value, { unit: "min" });
      }
      return part.isSeries ? this.#aggregate(part) : this.#single(part);
    }

    #setting({ name }) {
      const { label, unit, scale } = this.program.settings.get(name);
      const value = this.#exact(this.settings.get(name) ?? null, scale);
      return this.#told({ setting: name, label }, value, { unit });
    }

    #single({ name, scale }) {
      const { label, unit } = this.program.inputs.get(name);
      const value = this.#exact(this.inputs.get(name) ?? null, scale);
      const datum = this.reading.data[name]?.at(-1);
      return this.#told({ input: name, label }, value, {
        unit,
        minute: datum?.minute,
        ...this.#said(datum, value, unit),
        reason: value === null ? this.#reason(name, null) : null,
      });
    }

    #aggregate(part) {
      const { name, fn, low, high, isLength, scale } = part;
      const declared = this.program.inputs.get(name);
      const series = this.inputs.get(name) ?? null;
      const whole = guidegraph.kernel.aggregate(part, series);
      const minute = whole === null || isLength ? null : minuteOf(part, series, whole);
      const value = this.#exact(whole, scale);
      const datum = minute === null ? undefined : this.reading.data[name]?.find((each) => each.minute === minute);
      const { now } = this.reading.facts;
      const hasPassed = now !== null && now !== undefined && high !== null && high < Number(now);
      return this.#told({ input: name, label: declared.label }, value, {
        unit: isLength ? null : declared.unit,
        selector: guidegraph.described.words.selectors[fn],
        window: { from: low, to: high },
        minute,
        ...this.#said(datum, value, declared.unit),
        reason: value === null ? this.#reason(name, series) : null,
        indeterminable: (value === null && hasPassed) || null,
      });
    }

    #exact(value, scale) {
      return typeof value === "bigint" ? fromWire(value, scale) : value;
    }

    #told(head, value, fields) {
      const isNumber = typeof value === "object" && value !== null;
      const told = { ...head, value: isNumber ? plain(value) : value, ...present(fields) };
      return { value, unit: fields.unit, told };
    }

    /** What the document says of a datum; word for word where that is not simply the value. */
    #said(datum, value, unit) {
      if (!datum) return {};
      const isNumber = typeof value === "object" && value !== null;
      const same = withUnit(isNumber ? plain(value) : value === null ? "None" : String(value), unit);
      const words = withUnit(datum.text, datum.unit);
      return { stated: words === same ? null : words, basis: datum.basis, by: datum.by };
    }

    #reason(name, series) {
      if (Array.isArray(series)) return "no result in this time";
      return guidegraph.described.words.reasons[this.reading.unknown[name] ?? "missing"];
    }
  }

  const withUnit = (number, unit) => ((unit ?? "1") === "1" ? number : `${number} ${unit}`);

  /** When the sample that an aggregate picked was taken. */
  function minuteOf(part, samples, value) {
    const inside = samples.filter(([minute, each]) => each === value && spans(part, minute));
    return inside.at(part.fn === "last" ? -1 : 0)[0];
  }

  const passages = (names) =>
    names.map((id) => ({ id, ...guidegraph.described.passages[id] }));

  const claims = (uses) =>
    uses.map(([id, relation]) => {
      const { statement, study, citations, passages: where } = guidegraph.described.claims[id];
      return present({ id, statement, relation, study, citations, passages: passages(where) });
    });

  /**
   * Explains conditions for one patient.
   *
   * `whole` is for where `meant` leaves out data that are known: the parts of what is unknown are
   * told with all that is known, so that nothing known is called unknown.
   */
  class Tracer {
    constructor(meant, ledger, whole = null) {
      this.meant = meant;
      this.ledger = ledger;
      this.whole = whole;
      this.program = loaded();
    }

    /** What decides a condition: each reason once, in the order of the condition. */
    why(node) {
      if (this.whole && this.meant.truth(node) === null) return new Tracer(this.whole, this.ledger).why(node);
      const found = new Map();
      for (const each of this.#why(node)) {
        const name = each.criterion ?? each.recommendation ?? null;
        const kind = "criterion" in each ? "criterion" : "recommendation" in each ? "recommendation" : null;
        found.set(JSON.stringify([kind ?? isAssumed(each), name, each.label]), each);
      }
      return [...found.values()].map(unmarked);
    }

    /** The line of a named criterion. */
    criterion(name) {
      return this.#criterion(this.program.criteria.get(name), this.meant.truth({ form: "criterion", name }));
    }

    *#why(node) {
      const truth = this.meant.truth(node);
      switch (node.form) {
        case "not":
          yield* this.#why(node.operand);
          break;
        case "and":
        case "or":
          for (const each of node.operands) {
            const isNeeded = truth === (node.form === "and") || this.meant.truth(each) === truth;
            if (isNeeded) yield* this.#why(each);
          }
          break;
        case "score":
          for (const [item] of node.items) if (this.#counts(this.meant.truth(item), truth)) yield* this.#why(item);
          break;
        case "assume":
          if (this.meant.truth(node.operand) === null) {
            const children = this.why(node.operand);
            yield { [ASSUMED]: true, label: node.why, value: node.default, ...present({ children }) };
          } else {
            yield* this.#why(node.operand);
          }
          break;
        default:
          yield this.#reason(node);
      }
    }

    /** Whether an item of a score decides: what counts, what cannot, or what does or still might. */
    #counts(answer, truth) {
      return answer === truth || (truth === null && answer === true);
    }

    #reason(node) {
      const value = this.meant.truth(node);
      if (node.form === "criterion") return this.#criterion(this.program.criteria.get(node.name), value);
      if (node.form === "rule") {
        const { id, label, effective } = this.program.rules.get(node.name);
        return { recommendation: id, label, value, ...present({ children: this.why(effective) }) };
      }
      const data = this.#uses(node);
      const label = [...new Set(data.map((each) => each.label))].join(", ");
      return { label, value, ...present({ data }) };
    }

    #uses(node) {
      return [...dataOf(node)].map((d) => this.ledger.use(d));
    }

    #criterion(found, truth) {
      const { condition, isLeaf, items } = found;
      const children = isLeaf ? [] : this.why(condition);
      const scored = this.#items(items, truth);
      const isScore = items.length > 0 && condition.form === "score";
      return {
        criterion: found.id,
        label: found.label,
        value: truth,
        ...present({
          form: found.form,
          score: isScore ? { atLeast: condition.atLeast, ...this.meant.points(condition) } : null,
          reading: found.reading,
          data: isLeaf ? this.#uses(condition) : [],
          thresholds: found.limits.map((each) => this.#limit(each)),
          passages: passages(found.passages),
          claims: claims(found.claims),
          children: scored.length ? scored : children,
        }),
      };
    }

    /** The items that decide; of the items of one group only the highest that holds counts. */
    #items(items, truth) {
      const best = new Map();
      const told = items.map(([operand, points, group]) => ({
        reason: this.#reason({ form: "criterion", name: operand }), points, group,
      }));
      for (const { reason, points, group } of told) {
        if (group && reason.value) best.set(group, Math.max(points, best.get(group) ?? 0));
      }
      return told
        .filter(({ reason, points, group }) =>
          this.#counts(reason.value, truth) && points >= (best.get(group) ?? 0))
        .map(({ reason, points }) => ({ ...reason, points }));
    }

    #limit(each) {
      const found = this.#value(each);
      const hasChoice = each.localAmount !== undefined && found.value !== null && each.setting !== undefined;
      const isLocal = hasChoice
        ? each.localAmount !== null && compare(found.value, parse(each.localAmount)) === 0
        : each.isLocal;
      return present({
        id: each.id,
        label: each.label,
        printed: each.printed,
        value: found.value === null ? null : plain(found.value),
        unit: found.unit,
        setting: each.setting,
        isLocal: isLocal || null,
        working: found.working,
        works: each.works,
        passages: passages(each.passages),
        claims: claims(each.claims),
      });
    }

    /** A limit as executed for this patient. */
    #value(each) {
      if (each.setting !== undefined) {
        const { unit, scale } = this.program.settings.get(each.setting);
        const held = this.ledger.settings.get(each.setting);
        return { value: typeof held === "bigint" ? fromWire(held, scale) : null, unit };
      }
      if (each.number !== undefined) {
        const working = guidegraph.working.worked(each.working, (d) => this.ledger.words(d), this.meant);
        return { value: this.meant.value(each.number), unit: each.unit, working };
      }
      return { value: each.value === undefined ? null : parse(each.value), unit: each.unit };
    }
  }

  const ASSUMED = Symbol("assumed");
  const isAssumed = (reason) => (reason[ASSUMED] ? "assumption" : "condition");
  const unmarked = ({ ...reason }) => {
    delete reason[ASSUMED];
    return reason;
  };

  return { Ledger, Tracer, passages, claims, present };
})();
