/**
 * A series with one or two samples other than they are, without a copy of the series.
 *
 * Explanations try each sample of a series with other values. What a window then holds is looked up in
 * an index that is made once, so that a long series costs no more for each of them than a short one.
 */
globalThis.guidegraph ??= {};
guidegraph.samples = (() => {
  "use strict";
  const indices = new WeakMap();

  /** Whether a minute lies in the window of a datum; both ends belong to it. */
  const spans = ({ low, high }, minute) => (low === null || minute >= low) && (high === null || minute <= high);

  /** What is looked up of a series: a list of [minute, number] in ascending order, one per minute. */
  class Index {
    constructor(series) {
      this.minutes = series.map(([minute]) => minute);
      this.values = series.map(([, value]) => value);
      /** How many samples rise one above the other up to each. */
      this.rising = [];
      for (const [place, value] of this.values.entries()) {
        this.rising.push(place && this.values[place - 1] < value ? this.rising[place - 1] + 1 : 1);
      }
      this.ranked = new Map();
    }

    /** The index of a series that is never changed. @returns {Index} */
    static of(series) {
      if (!indices.has(series)) indices.set(series, new Index(series));
      return indices.get(series);
    }

    /** The place of the first sample that is not before a minute. */
    place(minute) {
      let [from, to] = [0, this.minutes.length];
      while (from < to) {
        const middle = (from + to) >> 1;
        if (this.minutes[middle] < minute) from = middle + 1;
        else to = middle;
      }
      return from;
    }

    /** The value at a minute, or null. */
    at(minute) {
      const place = this.place(minute);
      return this.minutes[place] === minute ? this.values[place] : null;
    }

    /** The places in a window: from the first to before the second. */
    range({ low, high }) {
      const from = low === null ? 0 : this.place(low);
      const to = high === null ? this.minutes.length : this.place(high + 1);
      return [from, Math.max(from, to)];
    }

    /** The places in the window of a datum, the highest value first (or the lowest). */
    order(datum) {
      if (!this.ranked.has(datum)) {
        const [from, to] = this.range(datum);
        const places = Array.from({ length: to - from }, (_, number) => from + number);
        const size = (a, b) => (this.values[a] < this.values[b] ? -1 : this.values[a] > this.values[b] ? 1 : 0);
        this.ranked.set(datum, places.sort(datum.fn === "max" ? (a, b) => size(b, a) : size));
      }
      return this.ranked.get(datum);
    }
  }

  /** Whether one value is picked rather than another. */
  const before = (fn, one, other) => (fn === "max" ? one > other : one < other);

  /** A series with some samples changed or added. */
  class Changed {
    /** @param {Array<[number, bigint]>} series @param {Map<number, bigint>} [changes] value by minute */
    constructor(series, changes = new Map()) {
      this.series = series;
      this.index = Index.of(series);
      this.changes = changes;
    }

    /** The same with one sample more, or other. @returns {Changed} */
    with(minute, value) {
      const changes = [...new Map(this.changes).set(minute, value)].sort(([a], [b]) => a - b);
      return new Changed(this.series, new Map(changes));
    }

    /** The aggregate of the samples inside a window, or null where there are none. @returns {?bigint} */
    aggregate(datum) {
      const [from, to] = this.index.range(datum);
      const inside = [...this.changes].filter(([minute]) => spans(datum, minute));
      if (datum.fn === "count") return BigInt(to - from + inside.filter(([minute]) => !this.#has(minute)).length);
      if (from === to && !inside.length) return null;
      switch (datum.fn) {
        case "first":
          return this.#end(from, from < to, inside[0], (one, other) => one <= other);
        case "last":
          return this.#end(to - 1, from < to, inside.at(-1), (one, other) => one >= other);
        case "max":
        case "min":
          return this.#picked(datum, inside.map(([, value]) => value));
        default:
          return BigInt(this.#run(from, to, inside));
      }
    }

    #has(minute) {
      return this.index.minutes[this.index.place(minute)] === minute;
    }

    /** The first or last value: of the series, or the one changed. */
    #end(place, isThere, changed, isNearer) {
      const isChanged = changed && (!isThere || isNearer(changed[0], this.index.minutes[place]));
      return isChanged ? changed[1] : this.index.values[place];
    }

    /** The highest or lowest of the values as they are now. */
    #picked(datum, values) {
      const kept = this.index.order(datum).find((place) => !this.changes.has(this.index.minutes[place]));
      const all = kept === undefined ? values : [...values, this.index.values[kept]];
      return all.reduce((one, other) => (before(datum.fn, other, one) ? other : one));
    }

    /** How many of the last values each exceed the one before: stretches of the series, and changes. */
    #run(from, to, inside) {
      const { values, rising } = this.index;
      let [length, above, end] = [0, null, to];
      for (const [minute, value] of [...inside].reverse().concat([[null, null]])) {
        const place = minute === null ? from : this.index.place(minute);
        const start = minute !== null && this.#has(minute) ? place + 1 : place;
        if (start < end) {
          if (above !== null && values[end - 1] >= above) return length;
          const run = Math.min(rising[end - 1], end - start);
          length += run;
          if (run < end - start) return length;
          above = values[start];
        }
        if (minute === null || (above !== null && value >= above)) return length;
        [length, above, end] = [length + 1, value, place];
      }
      return length;
    }
  }

  return { Changed, Index, spans };
})();
