/**
 * What suffices for a status, and what would change it.
 *
 * What suffices is found by forgetting: the costliest data first, each is taken away while the status
 * stays. What would change it are facts other than those known, or those not yet known: one, or else
 * two at once, nearest first; each is tried. They are statements about the rule, never proposals.
 * Nothing is tried that cannot be told, nor twice what comes to the same data.
 */
globalThis.guidegraph ??= {};
guidegraph.changes = (() => {
  "use strict";
  const { compare, fraction, fromWire, plain, plus } = guidegraph.exact;
  const { Meaning, loaded, spans } = guidegraph.kernel;
  const { Cuts } = guidegraph.cuts;
  const { Changed, Index } = guidegraph.samples;
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
      this.outcomes = new Map();
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
        if (single.size === SHOWN) break;
      }
      return [...(single.size ? single : this.#pairs(changes)).values()];
    }

    #pairs(changes) {
      const pairs = new Map();
      let tried = 0;
      for (const flip of pairsOf(changes)) {
        if (flip[0].key === flip[1].key) continue;
        const key = JSON.stringify(flip.map((each) => each.key).sort());
        if (!pairs.has(key) && this.#flipsWith(flip)) pairs.set(key, flip);
        tried += 1;
        if (pairs.size === SHOWN || tried === TRIED) break;
      }
      return pairs;
    }

    /** Whether a rule in force would certainly be so no longer, or the other way round. */
    #flipsWith(flip) {
      const inputs = new Map(this.meant.inputs);
      for (const { id, minute, becomes } of flip) {
        const held = inputs.get(id);
        const series = held instanceof Changed ? held : new Changed(this.cuts.samples(id));
        inputs.set(id, minute === null ? becomes : series.with(minute, becomes));
      }
      const then = new Meaning(inputs, this.meant.settings);
      const key = JSON.stringify(flip.flatMap(({ id }) => this.#told(id, then)));
      if (!this.outcomes.has(key)) this.outcomes.set(key, this.#isOther(standing(this.rule, then).status));
      return this.outcomes.get(key);
    }

    /** All that the rule is told of an input. */
    #told(id, then) {
      const data = this.data.filter((d) => this.program.data[d].setting === undefined && this.program.data[d].name === id);
      return data.map((d) => {
        const value = this.program.data[d].isSeries ? then.number(d) : then.held(d);
        return [d, typeof value, String(value)];
      });
    }

    #isOther(status) {
      if (this.standing.isInForce) return status === "defeated" || status === "notApplicable";
      return status === "applies";
    }

    /** Every change of one datum that could make a difference. */
    *#changes() {
      const places = new Map([...this.#places()].map((place) => [JSON.stringify(place), place]));
      for (const [key, [id, minute]] of places) {
        const held = this.meant.inputs.get(id) ?? null;
        const was = minute === null ? held : Index.of(this.cuts.samples(id)).at(minute);
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

  /**
   * All pairs of single changes, as if sorted by `ordered`, made one by one: each change waits with the
   * next that it can be paired with, and the changes after it wait until it has had its first.
   */
  function* pairsOf(changes) {
    const waiting = [];
    const wait = (one, other) => {
      if (other >= changes.length) return;
      const flip = [...changes[one].flip, ...changes[other].flip];
      enter(waiting, { one, other, flip, ...nearness(flip) });
    };
    wait(0, 1);
    while (waiting.length) {
      const { one, other, flip } = leave(waiting);
      yield flip;
      wait(one, other + 1);
      if (other === one + 1) wait(one + 1, one + 2);
    }
  }

  /** Which pair goes first: the nearer, else the one that was made first. */
  const precedes = (a, b) =>
    (a.replaced - b.replaced || compare(a.distance, b.distance) || a.one - b.one || a.other - b.other) < 0;

  /** Put a pair into a heap, where each is before the two under it. */
  function enter(heap, pair) {
    let place = heap.length;
    while (place) {
      const above = (place - 1) >> 1;
      if (!precedes(pair, heap[above])) break;
      heap[place] = heap[above];
      place = above;
    }
    heap[place] = pair;
  }

  /** Take the first pair out of a heap. */
  function leave(heap) {
    const first = heap[0];
    const last = heap.pop();
    if (!heap.length) return first;
    let place = 0;
    for (;;) {
      let under = 2 * place + 1;
      if (under + 1 < heap.length && precedes(heap[under + 1], heap[under])) under += 1;
      if (under >= heap.length || !precedes(heap[under], last)) break;
      heap[place] = heap[under];
      place = under;
    }
    heap[place] = last;
    return first;
  }

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
