/**
 * What the guideline says about a patient, why, what to ask next and what would change it.
 *
 *     guidegraph.reason.decide(document) -> Decision
 *     guidegraph.reason.explain(document, id) -> Explanation, or null where nothing is decided
 *
 * Both give what `guidegraph decide --format json` prints. Places are told by `path` in the document
 * (not by `file` and `line`). `document` is a patient document (see patient.js) or what `guidegraph.patient.read` made
 * of it.
 *
 * @typedef {object} Decision
 * @property {boolean} decided  false: settings or document at fault; only `messages` is then there
 * @property {string} guideline @property {string} version @property {Object<string, string>} readings
 * @property {Advice[]} recommendations  in the order of the guideline
 * @property {object[]} definitions  {id, label, value, isExternal, because}
 * @property {object[]} conflicts    {kind: hard|soft|choice, recommendations: [a, b], actions: [a, b]}
 * @property {object[]} gaps         {scope, label, message}
 * @property {boolean} notCovered
 * @property {Question[]} questions  the best one first
 * @property {Problem[]} messages    see patient.js
 *
 * @typedef {object} Advice
 * @property {string} id
 * @property {string} status  applies, provisional, undetermined, defeated, notApplicable
 * @property {string} label @property {string} statement
 * @property {string} modality @property {string} norm @property {string} strength
 * @property {string} certainty @property {?{id: string, label: string}} action
 * @property {Reason[]} because @property {Reason[]} unless @property {?Reason} reinforcedBy
 * @property {object[]} ask   {id, label, question, indeterminable, reason?, window?}
 * @property {object[]} passages  {id, locator, document}
 * @property {object[]} claims    {id, statement, relation, study?, citations?, passages?}
 *
 * @typedef {object} Reason  one of `criterion`, `recommendation`, `assumption` holds its name
 * @property {string} label @property {?boolean} value
 * @property {string} [form] @property {object} [score] @property {number} [points]
 * @property {object} [reading] @property {string} [assumed] @property {object[]} [data]
 * @property {object[]} [thresholds] @property {object[]} [passages] @property {object[]} [claims]
 * @property {Reason[]} [children]
 *
 * @typedef {object} Question  {id, label, question, kind, unit?, codes?, window?: {from, to, earliest},
 *   settles: {atLeast: number, onAverage: string, rules: string[]}}
 *
 * @typedef {object} Explanation
 * @property {string} id @property {string} status @property {object[]} sufficient
 * @property {boolean} restsOnDefault @property {Reason[]} because @property {Reason[]} unless
 * @property {Array<object[]>} wouldChange  each a list of changes that together flip the status:
 *   {input, label, unit?, minute?, was, becomes}; values are canonical, exact, as text (in words:
 *   `guidegraph.reason.said(change)`)
 * @property {?Question} next @property {object[]} passages @property {object[]} claims
 */
globalThis.guidegraph ??= {};
guidegraph.reason = (() => {
  "use strict";
  const { parse } = guidegraph.exact;
  const { amount, moment } = guidegraph.words;
  const { Meaning, loaded, values } = guidegraph.kernel;
  const { isIndeterminable, needsOf, questions, standing, windowOf } = guidegraph.asking;
  const { Ledger, Tracer, claims, passages, present } = guidegraph.reasons;
  const { Case, told } = guidegraph.changes;
  const { stated } = guidegraph.documents;

  /** @param {object|string} document @returns {Decision} */
  function decide(document) {
    const reading = readingOf(document);
    const messages = reading.problems.map(({ input, ...each }) => ({ ...each, ...stated({ subject: input }) }));
    if (!reading.facts || !reading.settings) return { decided: false, messages };
    const { described } = guidegraph;
    const meant = meaning(reading);
    const tracer = new Tracer(meant, new Ledger(reading, meant));
    const found = [...loaded().rules.values()].map((rule) => standing(rule, meant));
    checkAgainstModel(reading, found);
    const { now } = reading.facts;
    return {
      decided: true,
      guideline: described.guideline.iri,
      version: described.guideline.version,
      ...stated({ adapts: described.guideline.adapts }),
      readings: described.readings,
      recommendations: found.map((each) => advice(tracer, each, now)),
      definitions: described.definitions.map((each) => definition(tracer, each)),
      conflicts: conflicts(found),
      gaps: gaps(found, meant),
      notCovered: !isCovered(found),
      questions: questions(found, meant, now),
      messages,
    };
  }

  /** @param {object|string} document @param {string} id  of a recommendation @returns {?Explanation} */
  function explain(document, id) {
    const rule = loaded().rules.get(id);
    if (!rule) throw new RangeError(`there is no recommendation ${id} that can be decided`);
    const reading = readingOf(document);
    if (!reading.facts || !reading.settings) return null;
    const meant = meaning(reading);
    const { now } = reading.facts;
    const one = new Case(rule, meant, now);
    const { kept, partial } = one.sufficient();
    const ledger = new Ledger(reading, meant);
    const { because, unless, status } = advice(new Tracer(partial, ledger, meant), standing(rule, partial), now);
    return {
      id,
      status,
      sufficient: kept.map((d) => ledger.use(d)),
      restsOnDefault: one.assumed.length > 0,
      because,
      unless,
      wouldChange: one.flips().map((flip) => flip.map(told)),
      next: questions([one.standing], meant, now)[0] ?? null,
      passages: passages(rule.passages),
      claims: claims(rule.claims),
    };
  }

  /** A change of `wouldChange` in words: `D-dimer, 60 h after admission: 2,000.001 µg/L (…)`. */
  function said(change) {
    const { anchorWords } = guidegraph.described.guideline;
    const value = (each) => {
      if (typeof each === "boolean") return each ? "yes" : "no";
      if (change.input === "now") return moment(Number(each), anchorWords);
      return ["quantity", "series"].includes(loaded().inputs.get(change.input)?.kind)
        ? amount(parse(each), change.unit)
        : each;
    };
    const when = change.minute === undefined ? "" : `, ${moment(change.minute, anchorWords)}`;
    const was = change.was === null ? "now not known" : `instead of ${value(change.was)}`;
    return `${change.label ?? change.input}${when}: ${value(change.becomes)} (${was})`;
  }

  function readingOf(document) {
    const isRead = typeof document === "object" && document !== null && Array.isArray(document.problems);
    return isRead ? document : guidegraph.patient.read(document);
  }

  const meaning = ({ facts, settings }) => new Meaning(values(facts), values(settings));

  /** The generated program decides as well, in its own way; both must say the same. */
  function checkAgainstModel({ facts, settings }, found) {
    const { model } = guidegraph;
    let statuses;
    try {
      statuses = model.decideUnchecked(model.checkFacts(facts), model.checkSettings(settings));
    } catch (stop) {
      if (stop instanceof RangeError) return; // larger than it can hold exactly
      throw stop;
    }
    const other = found.find((each) => statuses[each.rule.id] !== each.status);
    if (other) throw new Error(`two ways of deciding disagree about ${other.rule.id}`);
  }

  // --- one recommendation ---

  function advice(tracer, { rule, status, isOpen }, now) {
    const { reinforcedBy } = rule;
    return {
      id: rule.id,
      status,
      label: rule.label,
      modality: rule.modality,
      norm: rule.norm,
      strength: rule.strength,
      certainty: rule.certainty,
      action: rule.action && { id: rule.action.id, label: rule.action.label },
      statement: rule.statement,
      because: tracer.why(rule.guard),
      unless: exceptions(tracer, rule),
      reinforcedBy: reinforcedBy && tracer.criterion(reinforcedBy),
      ask: isOpen ? asks(tracer, rule, now) : [],
      passages: passages(rule.passages),
      claims: claims(rule.claims),
    };
  }

  /** The exceptions that give the status: those that hold, else those unknown, else all. */
  function exceptions(tracer, rule) {
    const { meant, whole } = tracer;
    let truths = rule.unless.map((each) => meant.truth(each));
    if (whole && !truths.includes(true)) truths = rule.unless.map((each) => whole.truth(each));
    const shown = truths.includes(true) ? true : truths.includes(null) ? null : false;
    return rule.unless.filter((_, place) => truths[place] === shown).flatMap((each) => tracer.why(each));
  }

  function asks(tracer, rule, now) {
    const { inputs } = loaded();
    return [...needsOf(rule, tracer.meant, now).values()].map((need) => {
      const { name, label, question } = inputs.get(need.input);
      return present({
        id: name,
        label,
        question,
        indeterminable: isIndeterminable(need),
        reason: tracer.ledger.unknownReason(name),
        window: windowOf(need),
      });
    });
  }

  function definition(tracer, { id, label, isExternal, criterion }) {
    const because = tracer.criterion(criterion);
    return { id, label, value: because.value, isExternal, because };
  }

  // --- the whole guideline ---

  const isCovered = (found) => found.some((each) => each.status !== "notApplicable");

  function gaps(found, meant) {
    const byName = new Map(found.map((each) => [each.rule.id, each]));
    return guidegraph.described.scopes
      .filter(({ populations, recommendations }) => {
        const known = recommendations.map((each) => byName.get(each));
        const isOne = (name) => meant.truth({ form: "criterion", name }) === true;
        return known.length > 0 && !isCovered(known) && populations.some(isOne);
      })
      .map(({ id, label }) => ({
        scope: id,
        label,
        message: `The patient is one of those “${label}” is about, but none of it applies.`,
      }));
  }

  /** Pairs of rules in force that cannot both be followed and are not ordered by the guideline. */
  function conflicts(found) {
    const speaking = found.filter((each) => each.isInForce).map((each) => each.rule);
    return speaking.flatMap((one, place) =>
      speaking.slice(place + 1).flatMap((other) => {
        const kind = clash(one, other);
        if (!kind) return [];
        const actions = [one, other].map((each) => each.action?.id ?? "");
        return [{ kind, recommendations: [one.id, other.id], actions }];
      }));
  }

  function clash(one, other) {
    const { incompatible, words } = guidegraph.described;
    const forces = [words.forces[one.norm], words.forces[other.norm]];
    const kind = severity(forces);
    const actions = [one.action?.id, other.action?.id];
    if (!kind || !actions[0] || !actions[1] || areOrdered(one, other)) return null;
    if (forces.includes("prohibition")) return actions[0] === actions[1] ? kind : null;
    const isPair = ([a, b]) => (a === actions[0] && b === actions[1]) || (a === actions[1] && b === actions[0]);
    return incompatible.some(isPair) ? kind : null;
  }

  function areOrdered(one, other) {
    const overrides = (rule, by) => rule.unless.some((each) => each.form === "rule" && each.name === by.id);
    return overrides(one, other) || overrides(other, one)
      || one.alternativeTo.includes(other.id) || other.alternativeTo.includes(one.id);
  }

  /** How bad it is that two norms clash; null where they cannot. */
  function severity(forces) {
    const isStrong = (force) => force === "obligation" || force === "prohibition";
    if (forces.includes(undefined) || forces.every((force) => force === "prohibition")) return null;
    return forces.every(isStrong) ? "hard" : forces.some(isStrong) ? "soft" : "choice";
  }

  return { decide, explain, said };
})();
