/**
 * Exact numbers: fractions of whole numbers of any size. Nothing is ever rounded, and no binary
 * floating-point number comes near a value.
 *
 * @typedef {{n: bigint, d: bigint}} Fraction  in lowest terms, `d` above 0
 */
globalThis.guidegraph ??= {};
guidegraph.exact = (() => {
  "use strict";

  /** @param {bigint} n @param {bigint} [d] @returns {Fraction} */
  function fraction(n, d = 1n) {
    if (d < 0n) [n, d] = [-n, -d];
    let [a, b] = [n < 0n ? -n : n, d];
    while (b) [a, b] = [b, a % b];
    return a > 1n ? { n: n / a, d: d / a } : { n, d };
  }

  /** An exact number of text such as `12`, `-0.50`, `7/3`, `1e-3`. @param {string|number} text */
  function parse(text) {
    const [over, under] = String(text).split("/");
    if (under !== undefined) return fraction(BigInt(over), BigInt(under));
    const [, sign, whole, places = "", power = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(over);
    const digits = BigInt(whole + places) * (sign ? -1n : 1n);
    return times(fraction(digits), tenTo(Number(power) - places.length));
  }

  /** @param {number} power @returns {Fraction} */
  function tenTo(power) {
    const size = 10n ** BigInt(Math.abs(power));
    return power < 0 ? { n: 1n, d: size } : { n: size, d: 1n };
  }

  const plus = (a, b) => fraction(a.n * b.d + b.n * a.d, a.d * b.d);
  const times = (a, b) => fraction(a.n * b.n, a.d * b.d);
  const over = (a, b) => fraction(a.n * b.d, a.d * b.n);
  const negative = (a) => ({ n: -a.n, d: a.d });
  const magnitude = (a) => (a.n < 0n ? negative(a) : a);

  /** Below 0, 0 or above 0 as `a` is less than, equal to or greater than `b`. */
  function compare(a, b) {
    const left = a.n * b.d;
    const right = b.n * a.d;
    return left < right ? -1 : left > right ? 1 : 0;
  }

  /** The largest whole number that is not greater. @returns {bigint} */
  function floor(a) {
    const whole = a.n / a.d;
    return a.n < 0n && whole * a.d !== a.n ? whole - 1n : whole;
  }

  /** A fraction raised to a whole power. */
  function raised(a, power) {
    if (power < 0) return raised(fraction(a.d, a.n), -power);
    return { n: a.n ** BigInt(power), d: a.d ** BigInt(power) };
  }

  /** A value on the wire (whole steps of the last decimal place) as the number it stands for. */
  const fromWire = (whole, scale) => times(fraction(BigInt(whole)), tenTo(-scale));

  /** How many whole steps a number is, or null where it is finer than they are. */
  function toWire(value, scale) {
    const steps = times(value, tenTo(scale));
    return steps.d === 1n ? steps.n : null;
  }

  /** For programs: `1000`, `2.4` where it has an end, else `7/3`. */
  function plain({ n, d }) {
    let rest = d;
    let places = 0;
    for (const prime of [2n, 5n]) {
      let power = 0;
      for (; rest % prime === 0n; rest /= prime) power += 1;
      places = Math.max(places, power);
    }
    if (rest !== 1n) return `${n}/${d}`;
    const whole = (n < 0n ? -n : n) * 10n ** BigInt(places);
    const digits = String(whole / d).padStart(places + 1, "0");
    const cut = digits.length - places;
    return (n < 0n ? "-" : "") + (places ? `${digits.slice(0, cut)}.${digits.slice(cut)}` : digits);
  }

  return {
    fraction, parse, tenTo, plus, times, over, negative, magnitude, compare, floor, raised,
    fromWire, toWire, plain,
  };
})();
