/**
 * What suffices for a status, and what would change it.
 *
 * What suffices is found by forgetting: the costliest data first, each is taken away while the status
 * stays. What would change it are facts other than those known, or those not yet known: one, or else
 * two at once, nearest first; each is tried. They are statements about the rule, never proposals.
 */
globalThis.guidegraph ??= {};
guidegraph.changes = (() => {
  "use strict";
  const { compare, fraction, fromWire, plain, plus } = guidegraph.exact;
  const { Meaning, loaded, spans } = guidegraph.kernel;
  const { Cuts, changed } = guidegraph.cuts;
  const { earliest, standing } = guidegraph.asking;
  const { present } = guidegraph.reasons;
  const SHOWN = 3;
  const TRIED = 2000;

  /** One recommendation for one patient. */
  class Case {
    constructor(rule, meant, now) {
      this.program = loaded();
      this.rule = rule;
      this.meant = meant;
      this.now = now;
      this.standing = standing(rule, meant);
      this.cuts = new Cuts([rule.guard, ...rule.unless], meant);
      this.assumed = this.#defaults(meant);
      this.data = this.#ordered();
    }

    /** The data of the conditions, in the order of the guideline; site settings come last. */
    #ordered() {
      const names = [...this.program.inputs.keys(), ...this.program.settings.keys()];
      const place = new Map(names.map((name, number) => [name, number]));
      const at = (d) => place.get(this.program.data[d].name) ?? -1;
      return [...this.cuts.data].sort((a, b) => at(a) - at(b));
    }

    /** The assumptions that are in force, because what they speak of is unknown. */
    #defaults(meant) {
      return this.cuts.assumptions.filter((each) => meant.truth(each.operand) === null);
    }

    // --- what suffices ---

    /** The data that are left when no more can be forgotten, and the meaning they give. */
    sufficient() {
      const known = this.data.filter((d) => this.#isKnown(d));
      const place = new Map(known.map((d, number) => [d, number]));
      const order = [...known].sort((a, b) => this.#cost(b) - this.#cost(a) || place.get(b) - place.get(a));
      let hidden = new Set();
      for (const d of order) {
        const more = new Set(hidden).add(d);
        if (this.#isSame(this.#without(more))) hidden = more;
      }
      return { kept: known.filter((d) => !hidden.has(d)), partial: this.#without(hidden) };
    }

    #isSame(partial) {
      const { guard, effective } = standing(this.rule, partial);
      const defaults = this.#defaults(partial);
      return guard === this.standing.guard && effective === this.standing.effective
        && defaults.length === this.assumed.length && defaults.every((each) => this.assumed.includes(each));
    }

    #isKnown(d) {
      return this.program.data[d].isSeries ? this.meant.number(d) !== null : this.meant.held(d) !== null;
    }

    /** What it costs to know a datum. The site and the clock are there anyway. */
    #cost(d) {
      const { setting, name } = this.program.data[d];
      return setting !== undefined || name === "now" ? 0 : this.program.inputs.get(name).cost;
    }

    #without(hidden) {
      const inputs = new Map(this.meant.inputs);
      const settings = new Map(this.meant.settings);
      const aggregates = new Set();
      for (const d of hidden) {
        const { isSeries, setting, name } = this.program.data[d];
        if (isSeries) aggregates.add(d);
        else (setting === undefined ? inputs : settings).set(name, null);
      }
      return new Meaning(inputs, settings, aggregates);
    }

    // --- what would change it ---

    /** The nearest single change of each datum that flips the status; else pairs of changes. */
    flips() {
      const changes = ordered([...this.#changes()].map((change) => ({ flip: [change], ...nearness([change]) })));
      const single = new Map();
      for (const { flip } of changes) {
        const [{ key }] = flip;
        if (!single.has(key) && this.#flipsWith(flip)) single.set(key, flip);
      }
      return [...(single.size ? single : this.#pairs(changes.map(({ flip }) => flip[0]))).values()].slice(0, SHOWN);
    }

    #pairs(changes) {
      const apart = [];
      changes.forEach((one, place) => {
        for (const other of changes.slice(place + 1)) {
          const flip = [one, other];
          if (one.key !== other.key) apart.push({ flip, ...nearness(flip) });
        }
      });
      const pairs = new Map();
      for (const { flip } of ordered(apart).slice(0, TRIED)) {
        const key = JSON.stringify(flip.map((each) => each.key).sort());
        if (!pairs.has(key) && this.#flipsWith(flip)) pairs.set(key, flip);
        if (pairs.size === SHOWN) break;
      }
      return pairs;
    }

    /** Whether a rule in force would certainly be so no longer, or the other way round. */
    #flipsWith(flip) {
      const inputs = new Map(this.meant.inputs);
      for (const { id, minute, becomes } of flip) {
        const held = inputs.get(id);
        const series = Array.isArray(held) ? held : [];
        inputs.set(id, minute === null ? becomes : changed(series, minute, becomes));
      }
      const { status } = standing(this.rule, new Meaning(inputs, this.meant.settings));
      if (this.standing.isInForce) return status === "defeated" || status === "notApplicable";
      return status === "applies";
    }

    /** Every change of one datum that could make a difference. */
    *#changes() {
      const places = new Map([...this.#places()].map((place) => [JSON.stringify(place), place]));
      for (const [key, [id, minute]] of places) {
        const held = this.meant.inputs.get(id) ?? null;
        const was = minute === null ? held : new Map(this.cuts.samples(id)).get(minute) ?? null;
        if (Array.isArray(was)) continue;
        for (const becomes of this.cuts.answers(id, minute)) {
          if (becomes !== was) yield { key, id, minute, was, becomes };
        }
      }
    }

    /** Where a value could be other: an input, a sample, or a sample in an empty window. */
    *#places() {
      for (const d of this.data) {
        const part = this.program.data[d];
        if (!part.isSeries) {
          if (part.setting === undefined) yield [part.name, null];
          continue;
        }
        const minutes = this.cuts.samples(part.name).map(([minute]) => minute);
        for (const minute of minutes) yield [part.name, minute];
        if (!minutes.some((minute) => spans(part, minute))) {
          yield [part.name, earliest(part.low, part.high, this.now) ?? part.high];
        }
      }
    }
  }

  /** How many of the changes replace something known, and how far apart the values are. */
  function nearness(flip) {
    const replaced = flip.filter((each) => each.was !== null).length;
    return { replaced, distance: flip.map(distance).reduce(plus) };
  }

  /** How far apart two values are, as a part of the larger; 0 if nothing was known. */
  function distance({ was, becomes }) {
    if (was === null) return fraction(0n);
    if (typeof was !== "bigint") return fraction(1n);
    const size = (value) => (value < 0n ? -value : value);
    const larger = size(was) > size(becomes) ? size(was) : size(becomes);
    return fraction(size(becomes - was), larger || 1n);
  }

  const ordered = (list) =>
    list.sort((a, b) => a.replaced - b.replaced || compare(a.distance, b.distance));

  /** A change as JSON. */
  function told({ id, minute, was, becomes }) {
    const declared = loaded().inputs.get(id);
    const text = (value) => (typeof value === "bigint" ? plain(fromWire(value, declared?.scale ?? 0)) : value);
    const label = declared ? declared.label : "Time of the decision";
    const unit = declared ? declared.unit : "min";
    return { ...present({ input: id, label, unit, minute }), was: text(was), becomes: text(becomes) };
  }

  return { Case, told };
})();
