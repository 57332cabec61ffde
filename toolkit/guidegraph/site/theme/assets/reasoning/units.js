/**
 * Units of measurement, exact: a clinical subset of UCUM and what laboratories write instead. The
 * tables come from the guideline's tools (`guidegraph.described.units`), so both read the same.
 *
 * @typedef {{code: string, factor: Fraction, dimension: string}} Unit
 */
globalThis.guidegraph ??= {};
guidegraph.units = (() => {
  "use strict";
  const { fraction, over, parse: number, raised, times } = guidegraph.exact;
  const { SPACE, alike, strip } = guidegraph.words;
  const tables = guidegraph.described.units;
  const ONE = fraction(1n);
  const SIGNS = { "µ": "u", "μ": "u", "×": "x", "·": ".", "⋅": "." };
  const LOWERED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  const AROUND_STROKE = new RegExp(`${SPACE}*/${SPACE}*`, "g");
  const POWER = new RegExp(
    `^(?:[x*]${SPACE}*)?10${SPACE}*(?:(?:\\*\\*|[*^eE])${SPACE}*(-?\\d+)|\\((\\d+)\\))${SPACE}*(?:cells)?(?=$|[/.])`,
  );
  const NOTE_SPACE = SPACE.slice(1, -1);
  const BASIS = new RegExp(`[${NOTE_SPACE}({[]*(FEU|DDU|D-DU)[${NOTE_SPACE})}\\]]*`, "i");
  const TOKEN = /[./()]|\{[^{}]*\}|(?:[^./(){}[\]]|\[[^[\]]*\])+/gu;
  const ATOM = /^(10[*^]|.*?[^\d+-])([+-]?\d{1,2})?$/u;
  const known = new Map();

  /** Why a unit cannot be used: `kind` is unknown, basis, several or misfit. */
  class UnitFault extends Error {
    constructor(kind, suggestions = [], basis = "") {
      super(kind);
      Object.assign(this, { kind, suggestions, basis });
    }
  }

  /**
   * The unit that is written where something is measured in `target`; a spelling with several
   * meanings stands for the one that can be converted, if there is just one.
   * @param {string} written @param {string} target @returns {Unit}
   */
  function meant(written, target) {
    const wanted = unit(target, spelled(bare(target))).dimension;
    const text = bare(written);
    const codes = several(text);
    const readings = (codes.length ? codes : [spelled(text)]).map((code) => unit(written, code));
    const fitting = readings.filter((each) => each.dimension === wanted);
    if (!fitting.length) throw new UnitFault("misfit");
    if (fitting.length > 1) throw new UnitFault("several", fitting.map((each) => each.code));
    return fitting[0];
  }

  /** How many `target` one `source` is. @returns {Fraction} */
  function ratio(source, target) {
    return over(meant(source, target).factor, unit(target, spelled(bare(target))).factor);
  }

  /** Whether a unit was written otherwise than UCUM has it, apart from signs and spaces. */
  const isRespelled = (written, found) => typeset(written) !== found.code;

  // --- spelling ---

  /** A unit in UCUM's signs: no spaces around strokes, `µ` as `u`, `10⁹` as `10*9`. */
  function typeset(written) {
    const lower = (digits) =>
      [...digits].map((each) => (each === "⁻" ? "-" : LOWERED.indexOf(each))).join("");
    return strip(written)
      .replace(/[µμ×·⋅]/g, (sign) => SIGNS[sign])
      .replace(/((?<!\d)10)?([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)/g, (_, ten, power) => (ten ? "10*" : "") + lower(power))
      .replace(AROUND_STROKE, "/")
      .replaceAll("10^", "10*");
  }

  /** A typeset unit with usual spellings replaced by the code of exactly the same unit. */
  function spelled(typed) {
    const text = typed
      .replaceAll("mm Hg", "mm[Hg]")
      .replaceAll("deg C", "Cel")
      .replace(POWER, (_, power, inBrackets) => `10*${power || inBrackets}`);
    if (Object.hasOwn(tables.whole, text)) return tables.whole[text];
    return text.split("/").map(part).join("/");
  }

  function part(text) {
    if (text.startsWith("mcg")) return `ug${text.slice(3)}`;
    if (/^[kmunpM]IU$/.test(text)) return `${text[0]}[iU]`;
    return Object.hasOwn(tables.parts, text) ? tables.parts[text] : text;
  }

  /** The codes that a typeset unit may mean where there is more than one; else nothing. */
  function several(text) {
    if (Object.hasOwn(tables.several, text)) return tables.several[text];
    const perMegalitre = /\/ML(?![A-Za-z])/g;
    if (Object.hasOwn(tables.whole, text) || !perMegalitre.test(text)) return [];
    return [spelled(text.replace(perMegalitre, "/mL")), spelled(text)];
  }

  /** A code in UCUM's signs, without words for what is counted; any other note is refused. */
  function bare(code) {
    const length = [...strip(code)].length;
    if (length === 0 || length > 60) throw new UnitFault("unknown");
    return withoutNotes(typeset(code));
  }

  function withoutNotes(text) {
    const basis = BASIS.exec(text);
    if (basis) {
      const rest = (text.slice(0, basis.index) + text.slice(basis.index + basis[0].length))
        .replace(/^[ .]+|[ .]+$/g, "");
      if (rest) throw new UnitFault("basis", [rest], basis[1].toUpperCase());
    }
    for (const note of text.matchAll(/\{([^{}]*)\}/g)) {
      const before = text.slice(0, note.index);
      const after = text.slice(note.index + note[0].length);
      const isAlone = /(?:^|[./(])$/.test(before) && /^(?:$|[./)])/.test(after);
      if (!isAlone && tables.counted.includes(note[1])) return withoutNotes(before + after);
      if (!isAlone || ["FEU", "DDU", "D-DU"].includes(note[1].toUpperCase())) {
        throw new UnitFault("basis", before + after ? [before + after] : [], note[1]);
      }
    }
    return text;
  }

  // --- reading a code ---

  function unit(written, code) {
    if (!known.has(code)) {
      const { factor, powers } = read(written, code);
      const named = [...powers].filter(([, power]) => power !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
      known.set(code, { code, factor, dimension: JSON.stringify(named) });
    }
    return known.get(code);
  }

  /** Factor and dimension of a code, from left to right. */
  function read(written, code) {
    const tokens = code.match(TOKEN) ?? [];
    let place = 0;
    const refused = () => new UnitFault("unknown", alike(typeset(written), tables.common));
    if (tokens.join("") !== code) throw refused();

    const accept = (token) => tokens[place] === token && ((place += 1), true);
    const isWhole = (token) => /^[0-9]+$/.test(token ?? "");

    function term() {
      let factor = ONE;
      const powers = new Map();
      let sign = accept("/") ? -1 : 1;
      for (;;) {
        const one = component(sign < 0);
        factor = times(factor, raised(one.factor, sign));
        for (const [name, power] of one.powers) powers.set(name, (powers.get(name) ?? 0) + sign * power);
        if (accept("/")) sign = -1;
        else if (accept(".")) sign = 1;
        else return { factor, powers };
      }
    }

    function component(isDivided) {
      const piece = tokens[place] ?? "";
      place += 1;
      if (piece === "(") {
        const inside = term();
        if (!accept(")")) throw refused();
        return inside;
      }
      if (piece.startsWith("{")) {
        const isCount = tables.counted.includes(piece.slice(1, -1));
        return { factor: ONE, powers: new Map(isCount ? [] : [[piece, 1]]) };
      }
      return isWhole(piece) ? wholeNumber(BigInt(piece), isDivided) : atom(piece);
    }

    /** 1, or a factor that is multiplied on (`24.h`; not `109/L`, not `1.73.m2`). */
    function wholeNumber(size, isDivided) {
      const isMultiplied = tokens[place] === "." && !isDivided;
      const isDecimal = tokens[place] === "." && isWhole(tokens[place + 1]);
      if (size === 0n || isDecimal || !(size === 1n || isMultiplied)) throw refused();
      return { factor: fraction(size), powers: new Map() };
    }

    function atom(token) {
      const found = ATOM.exec(token);
      const base = found && baseOf(found[1]);
      if (!base) throw refused();
      const power = Number(found[2] ?? 1);
      const powers = new Map([...base.powers].map(([name, each]) => [name, each * power]));
      return { factor: raised(base.factor, power), powers };
    }

    const whole = term();
    if (place < tokens.length) throw refused();
    return whole;
  }

  /** What an atom means, with or without a prefix; null if it is not known. */
  function baseOf(symbol) {
    if (symbol === "10*" || symbol === "10^") return { factor: fraction(10n), powers: new Map() };
    if (Object.hasOwn(tables.bases, symbol)) {
      return { factor: ONE, powers: new Map([[tables.bases[symbol], 1]]) };
    }
    if (Object.hasOwn(tables.defined, symbol)) {
      const [size, code] = tables.defined[symbol];
      const { factor, powers } = read(code, code);
      return { factor: times(number(size), factor), powers };
    }
    for (const [prefix, size] of tables.prefixes) {
      const rest = symbol.slice(prefix.length);
      const takesPrefix = Object.hasOwn(tables.bases, rest)
        || (Object.hasOwn(tables.defined, rest) && tables.defined[rest][2]);
      if (!symbol.startsWith(prefix) || !takesPrefix) continue;
      const base = baseOf(rest);
      return { factor: times(number(size), base.factor), powers: base.powers };
    }
    return null;
  }

  return { meant, ratio, isRespelled };
})();
