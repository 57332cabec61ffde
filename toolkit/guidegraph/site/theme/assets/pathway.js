/**
 * On the page of a pathway: the way of the patient in the address (`#patient=...`), shown in the
 * drawing, in the list beside it, and told in words. What decides about patients is loaded only
 * when an address names one. Nothing is stored or sent.
 */
"use strict";
(() => {
  const guidegraph = (globalThis.guidegraph ??= {});
  const SVG = "http://www.w3.org/2000/svg";
  const panel = document.getElementById("patient-path");
  const held = document.getElementById("patient-path-data");
  if (!panel || !held || !guidegraph.fragment || !guidegraph.path) return;
  const pathway = JSON.parse(held.textContent);
  const nodes = new Map(pathway.nodes.map((each) => [each.id, each]));
  const branches = new Map(pathway.nodes.flatMap((each) => each.branches.map((way) => [way.id, way])));
  const root = `${document.documentElement.dataset.root}/`;

  /**
   * @param {string} tag
   * @param {Object<string, string>} attributes
   * @param {...(string|Node)} inside
   * @returns {HTMLElement}
   */
  const element = (tag, attributes, ...inside) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...inside);
    return made;
  };

  // --- what decides, loaded when needed ---------------------------------------------------------

  let loading = null;
  /** @returns {Promise<void>} */
  const loaded = () => {
    loading ??= pathway.scripts.reduce((before, name) => before.then(() => script(name)), Promise.resolve());
    return loading;
  };

  /**
   * @param {string} name
   * @returns {Promise<void>}
   */
  const script = (name) =>
    new Promise((resolve, reject) => {
      const made = element("script", { src: `${root}assets/${name}` });
      made.addEventListener("load", () => resolve());
      made.addEventListener("error", () => reject(new Error(`${name} is missing`)));
      document.head.append(made);
    });

  /**
   * @param {object} patient  a patient document
   * @returns {?Object<string, ?boolean>} the answer of every criterion; null if it cannot be read
   */
  const answers = (patient) => {
    const { facts, settings } = guidegraph.patient.read(patient);
    if (!facts || !settings) return null;
    const traced = guidegraph.model.trace(facts, settings).criteria;
    return Object.fromEntries(Object.entries(traced).map(([name, each]) => [name, each.answer]));
  };

  // --- in the drawing and in the list -----------------------------------------------------------

  const clear = () => {
    for (const each of document.querySelectorAll(".place-mark")) each.remove();
    for (const each of document.querySelectorAll(".taken, .seeking, .stopped")) {
      each.classList.remove("taken", "seeking", "stopped");
    }
    for (const each of document.querySelectorAll("[data-named]")) {
      each.setAttribute("aria-label", each.dataset.named);
      delete each.dataset.named;
    }
  };

  /**
   * A round mark at the upper corner of a box.
   *
   * @param {Element} box
   * @param {string} text
   */
  const sign = (box, text) => {
    const { x, y } = box.getBBox();
    const group = document.createElementNS(SVG, "g");
    group.setAttribute("class", "place-mark");
    group.setAttribute("aria-hidden", "true");
    const circle = document.createElementNS(SVG, "circle");
    const words = document.createElementNS(SVG, "text");
    for (const [name, value] of Object.entries({ cx: x + 6, cy: y + 5, r: 8 + 2 * text.length })) circle.setAttribute(name, value);
    const at = { x: x + 6, y: y + 9, "text-anchor": "middle", "font-size": text.length > 1 ? 10.5 : 12 };
    for (const [name, value] of Object.entries(at)) words.setAttribute(name, value);
    words.textContent = text;
    group.append(circle, words);
    box.append(group);
  };

  /**
   * A mark before the words of a step or an answer.
   *
   * @param {Element} item
   * @param {string} kind
   * @param {string} text
   * @param {string} said  what those hear who do not see it
   */
  const number = (item, kind, text, said) => {
    item.classList.add(kind);
    const mark = element("span", { class: "place-mark", "aria-hidden": "true" }, text);
    item.prepend(mark, element("span", { class: "place-mark unseen" }, said));
  };

  /** @param {Walked} walked */
  const draw = (walked) => {
    const stopped = new Set(walked.stops.map((each) => each.node));
    walked.nodes.forEach(({ id, isSeeking }, place) => {
      const node = nodes.get(id);
      const kind = isSeeking ? "seeking" : "taken";
      const text = stopped.has(id) && !isSeeking ? `${place + 1}?` : String(place + 1);
      const said = isSeeking ? "to find out" : stopped.has(id) ? "this patient stops here" : "this patient";
      for (const box of document.querySelectorAll("figure.drawing a.box")) {
        if (box.dataset.node !== id) continue;
        box.classList.add(kind);
        if (stopped.has(id)) box.classList.add("stopped");
        box.dataset.named = box.getAttribute("aria-label");
        box.setAttribute("aria-label", `${box.dataset.named} (step ${place + 1}: ${said})`);
        sign(box, text);
      }
      const item = node.place && document.getElementById(node.place);
      if (!item) return;
      number(item, kind, text, `Step ${place + 1}, ${said}. `);
    });
    for (const { from, to, branch, isSeeking } of walked.ways) {
      const kind = isSeeking ? "seeking" : "taken";
      for (const arrow of document.querySelectorAll("figure.drawing .arrow")) {
        const { from: source, to: target, branch: chosen } = arrow.dataset;
        if (source === from && target === to && (chosen ?? null) === branch) arrow.classList.add(kind);
      }
      const item = branch && document.getElementById(branches.get(branch).place);
      if (item) number(item, kind, isSeeking ? "?" : "\u2713", isSeeking ? "To find out. " : "This patient. ");
    }
  };

  // --- in words ---------------------------------------------------------------------------------

  const criterion = (name) => {
    const found = pathway.criteria[name];
    if (!found) return name;
    return found.page ? element("a", { href: root + found.page }, found.label) : found.label;
  };

  /** @returns {Array<string|Node>} things with commas between */
  const listed = (made) => made.flatMap((each, place) => (place ? [", ", each] : [each]));

  const nodeWords = (id) => {
    const node = nodes.get(id);
    return node.place ? element("a", { href: `#${node.place}` }, node.label) : node.label;
  };

  /**
   * @param {Walked} walked
   * @param {string} fragment
   * @returns {Node[]}
   */
  const told = (walked, fragment) => {
    const back = element("a", { href: `${root}${pathway.simulator}${fragment}` }, "Back to this patient");
    if (walked.enters === false) {
      const why = pathway.population ? [" (", criterion(pathway.population), " does not hold)"] : [];
      return [element("p", {}, "This patient: the pathway is not for this patient", ...why, ". ", back)];
    }
    if (walked.enters === null) {
      const why = ["it is not known whether the pathway is for this patient (", criterion(pathway.population), ")"];
      return [element("p", {}, "This patient: ", ...why, ". ", back)];
    }
    const stops = new Map(walked.stops.map((each) => [each.node, each]));
    const open = new Map(walked.open.map((each) => [each.node, each]));
    const lines = guidegraph.path.chains(pathway, walked).map((chain) => {
      const line = element("li", {});
      chain.forEach(({ node, branch, isSeeking }, place) => {
        if (branch) {
          const style = isSeeking ? "answer unsure" : "answer";
          line.append(": ", element("span", { class: style }, branches.get(branch).label));
          return;
        }
        line.append(place ? (isSeeking ? " → to find out: " : " → ") : "", nodeWords(node));
        const stop = stops.get(node);
        if (stop && !isSeeking) {
          const why = stop.unknown.length
            ? ["not known: ", ...listed(stop.unknown.map(criterion))]
            : ["no answer here holds"];
          line.append(" (stops here; ", ...why, ")");
        }
        if (open.has(node)) line.append(" (also not known: ", ...listed(open.get(node).unknown.map(criterion)), ")");
        const onward = nodes.get(node).continuesIn;
        if (onward && !isSeeking && onward.page) {
          line.append(" → goes on in ", element("a", { href: `${root}${onward.page}${fragment}` }, onward.label));
        }
      });
      line.append(".");
      return line;
    });
    return [
      element("p", {}, element("strong", {}, "This patient:"), " ", back),
      element("ol", {}, ...lines),
    ];
  };

  // --- when the address names a patient ---------------------------------------------------------

  /** @param {string} words */
  const failed = (words) => {
    clear();
    panel.classList.add("filled");
    panel.replaceChildren(element("p", { role: "status" }, words));
  };

  const show = async () => {
    if (!location.hash.startsWith("#patient=")) return;
    const patient = guidegraph.fragment.read(location.hash);
    if (!patient) {
      failed("The patient in the address cannot be read.");
      return;
    }
    try {
      await loaded();
    } catch {
      failed("The way of this patient cannot be shown: what decides about patients is not here.");
      return;
    }
    const found = answers(patient);
    if (!found) {
      failed("The patient in the address has a mistake: nothing is decided about it.");
      return;
    }
    const walked = guidegraph.path.walk(pathway, found);
    clear();
    draw(walked);
    panel.classList.add("filled");
    panel.setAttribute("role", "status");
    panel.replaceChildren(...told(walked, guidegraph.fragment.write(patient)));
    const last = walked.nodes.filter((each) => !each.isSeeking).at(-1) ?? walked.nodes[0];
    const place = last && nodes.get(last.id).place;
    if (place) guidegraph.drawing?.turn(place);
  };

  addEventListener("hashchange", show);
  show();
})();
