/**
 * What the guideline says about the patient: what applies, what may, what does not, and why.
 *
 *     new guidegraph.simulator.Answer({focus, explain, fragment}) -> answer
 *     answer.node; answer.show(decision)
 *
 * Reasons are drawn when somebody opens them; what was open stays open when the patient changes.
 */
"use strict";

(() => {
  const guidegraph = (globalThis.guidegraph ??= {});
  const simulator = (guidegraph.simulator ??= {});
  const { make, link, pageOf, plural, stretch, datum } = simulator.words;
  const { list, evidence } = simulator.reasons;

  const GROUPS = [
    ["applies", "Applies", "applies", "apply"],
    ["provisional", "Applies, unless", "applies unless something not yet known", "apply unless something not yet known"],
    ["undetermined", "May apply: more must be known", "may apply", "may apply"],
    ["defeated", "Set aside", "is set aside", "are set aside"],
    ["notApplicable", "Does not apply", "does not apply", "do not apply"],
  ];
  const CONFLICTS = {
    hard: "cannot both be followed; the guideline does not say which goes first.",
    soft: "compete; the guideline does not say which goes first.",
    choice: "are options that exclude each other: the guideline leaves the choice open.",
  };
  const SHOWN = 3;

  class Answer {
    /** @param {{focus: (name: string) => void, explain: (id: string) => ?object, fragment: () => string}} tools */
    constructor(tools) {
      this.tools = tools;
      this.open = new Set();
      this.about = new Map(guidegraph.described.recommendations.map((each) => [each.id, each]));
      this.summary = make("p", { class: "summary", role: "status" });
      this.body = make("div", { class: "outcome" });
      this.node = make("section", { class: "answer-side", "aria-label": "What the guideline says" });
      const jump = make("button", { type: "button", class: "jump", onclick: () => this.#jump() }, "Answers");
      this.node.append(make("div", { class: "bar" }, this.summary, jump), this.body);
    }

    /** @param {object} decision */
    show(decision) {
      this.decision = decision;
      const undecided = decision.decided === false;
      this.body.replaceChildren(...(undecided ? [] : this.#parts()));
      this.#say(undecided ? "Nothing is decided: see what is wrong in the form." : this.#counted());
    }

    /** Until there is something to show. */
    wait() {
      clearTimeout(this.waiting);
      this.body.replaceChildren();
      this.summary.textContent = "Working it out …";
    }

    /** Open everything that says why, for paper. */
    unfold() {
      for (const each of this.body.querySelectorAll("details.why")) each.fill?.();
    }

    /** The summary is heard only where it changed, and once typing has paused. */
    #say(words) {
      clearTimeout(this.waiting);
      const say = () => this.summary.textContent !== words && (this.summary.textContent = words);
      if (this.summary.textContent) this.waiting = setTimeout(say, 400);
      else say();
    }

    /** On narrow screens the answers are below the form. */
    #jump() {
      this.body.setAttribute("tabindex", "-1");
      this.body.focus();
      this.node.scrollIntoView();
    }

    #counted() {
      if (this.decision.notCovered) return "Not covered: none of the recommendations is for this patient.";
      const told = GROUPS.map(([status, , one, several]) => {
        const count = this.#with(status).length;
        return count ? `${count} ${count === 1 ? one : several}` : "";
      });
      return `Of ${plural(this.decision.recommendations.length, "recommendation")}: ${told.filter(Boolean).join(", ")}.`;
    }

    #with(status) {
      return this.decision.recommendations.filter((each) => each.status === status);
    }

    #parts() {
      const groups = new Map(GROUPS.map(([status, title]) => [status, this.#group(status, title)]));
      return [
        ...this.decision.gaps.map((each) => make("p", { class: "aside" }, each.message)),
        this.#conflicts(),
        groups.get("applies"),
        groups.get("provisional"),
        this.#questions(),
        groups.get("undetermined"),
        groups.get("defeated"),
        groups.get("notApplicable"),
        this.#definitions(),
      ].filter(Boolean);
    }

    // --- recommendations ---------------------------------------------------------------------------

    #group(status, title) {
      const found = this.#with(status);
      if (!found.length) return null;
      const cards = found.map((each) => this.#card(each));
      const heading = make("h2", {}, title, make("span", { class: "count" }, ` ${found.length}`));
      if (status !== "notApplicable") return make("section", { class: `group ${status}` }, heading, ...cards);
      return this.#details(`group-${status}`, "folded", heading, () => cards);
    }

    #card(advice) {
      const about = this.about.get(advice.id);
      const isBrief = advice.status === "notApplicable";
      const words = about.modalityWords;
      const badge = make(
        "span",
        { class: `badge ${about.norm}` },
        make("span", { class: "mark", "aria-hidden": "true" }, about.mark),
        ` ${words.slice(0, 1).toUpperCase()}${words.slice(1)}`,
      );
      const doing = advice.action && link(advice.action.label, pageOf(advice.action.id));
      return make(
        "article",
        { class: `advice ${advice.status}` },
        make("h3", {}, link(advice.label, about.page)),
        isBrief ? null : make("p", { class: "doing" }, badge, " ", doing || ""),
        isBrief || !advice.statement ? null : make("p", { class: "statement" }, advice.statement),
        this.#defeated(advice),
        this.#asked(advice),
        this.#why(advice),
        this.#change(advice),
        isBrief ? null : this.#drawn(advice),
      );
    }

    /** What sets a recommendation aside, or might. */
    #defeated(advice) {
      const by = advice.status === "defeated" ? "Set aside by: " : "Unless: ";
      if (!["defeated", "provisional"].includes(advice.status) || !advice.unless.length) return null;
      const told = advice.unless.flatMap((each, place) => [
        place ? "; " : "",
        link(each.label, pageOf(each.recommendation ?? each.criterion ?? "")),
      ]);
      return make("p", { class: "by" }, make("strong", {}, by), ...told);
    }

    #asked(advice) {
      if (!advice.ask.length) return null;
      return make("ul", { class: "asked" }, ...advice.ask.map((each) => make("li", {}, ...this.#ask(each))));
    }

    #ask(each) {
      const when = each.window ? stretch(each.window.from, each.window.to) : "";
      if (each.indeterminable) {
        return [`${each.label} ${when} is not known and can no longer be measured; only a result that already exists can settle this.`];
      }
      const reason = each.reason ? ` (what is given cannot be used: ${each.reason})` : "";
      return [this.#button(each), when ? ` [${when}]` : "", reason];
    }

    #button(each) {
      const go = () => this.tools.focus(each.id);
      return make("button", { type: "button", class: "go", onclick: go }, each.question || each.label);
    }

    #why(advice) {
      const words = ["notApplicable", "defeated"].includes(advice.status) ? "Why not" : "Why";
      const summary = document.createTextNode(words);
      return this.#details(`why-${advice.id}`, "why", summary, () => {
        const { because, unless, reinforcedBy, status } = advice;
        const isOpen = reinforcedBy && reinforcedBy.value !== false && status !== "notApplicable";
        return [
          because.length ? list(because) : null,
          isOpen ? make("p", { class: "word" }, "in particular because") : null,
          isOpen ? list([reinforcedBy]) : null,
          unless.length ? make("p", { class: "word" }, "unless") : null,
          unless.length ? list(unless) : null,
          evidence(advice.passages, advice.claims),
        ];
      });
    }

    #change(advice) {
      const summary = document.createTextNode("What would have to change");
      return this.#details(`change-${advice.id}`, "change", summary, () => {
        const told = this.tools.explain(advice.id);
        if (!told) return [];
        const isIn = ["applies", "provisional"].includes(told.status);
        const becomes = isIn ? "no longer apply" : "apply";
        if (!told.wouldChange.length) {
          return [make("p", {}, `No one or two facts alone would make it ${becomes}.`), this.#enough(told)];
        }
        const ways = told.wouldChange.map((flip) => {
          return make("li", {}, flip.map(guidegraph.reason.said).join("; and "));
        });
        const lead = `It would ${becomes} if one of these were so (facts, not advice; nearest first):`;
        return [make("p", {}, lead), make("ul", {}, ...ways), this.#enough(told)];
      });
    }

    /** The data that alone give the answer. */
    #enough(told) {
      if (!told.sufficient.length) return null;
      const data = told.sufficient.map((each) => make("li", {}, datum(each)));
      const lead = told.restsOnDefault
        ? "As it stands, this is enough, together with what is assumed where nothing is known:"
        : "As it stands, this alone is enough, whatever else is true:";
      return make("div", {}, make("p", {}, lead), make("ul", {}, ...data));
    }

    /** The way of this patient through the flowcharts the recommendation stands in. */
    #drawn(advice) {
      const found = guidegraph.described.pathways.filter(
        (each) => each.page && each.nodes.some((node) => node.recommendations.includes(advice.id)),
      );
      if (!found.length) return null;
      const links = found.map((each) => {
        const node = link(`Show in flowchart: ${each.label}`, each.page, { class: "drawn" });
        node.addEventListener("click", () => {
          node.hash = this.tools.fragment();
        });
        return make("li", {}, node);
      });
      return make("ul", { class: "charts" }, ...links);
    }

    // --- the whole ---------------------------------------------------------------------------------

    /** What to find out next, the best first. */
    #questions() {
      const { questions } = this.decision;
      if (!questions.length) return null;
      const open = this.decision.recommendations.filter((each) =>
        ["undetermined", "provisional"].includes(each.status),
      ).length;
      const items = questions.map((each) => {
        const when = each.window ? stretch(each.window.from, each.window.to) : "";
        const { atLeast, rules } = each.settles;
        const told = atLeast ? `settles at least ${atLeast} of ${open}` : `can settle ${rules.length} of ${open}`;
        return make("li", {}, this.#button(each), make("span", { class: "soft" }, ` ${when ? `${when}; ` : ""}${told}`));
      });
      const rest = items.slice(SHOWN);
      const more = rest.length
        ? this.#details("more-questions", "folded", document.createTextNode(`${rest.length} more`), () => [
            make("ol", { start: SHOWN + 1 }, ...rest),
          ])
        : null;
      const heading = make("h2", {}, "Ask next");
      return make("section", { class: "group next" }, heading, make("ol", {}, ...items.slice(0, SHOWN)), more);
    }

    #conflicts() {
      const { conflicts } = this.decision;
      if (!conflicts.length) return null;
      const told = conflicts.map((each) => {
        const [one, other] = each.recommendations.map((id) => link(this.about.get(id).label, this.about.get(id).page));
        return make("li", {}, one, " and ", other, ` ${CONFLICTS[each.kind]}`);
      });
      return make("section", { class: "group conflicts" }, make("h2", {}, "Conflicts"), make("ul", {}, ...told));
    }

    /** The terms that hold. */
    #definitions() {
      const found = this.decision.definitions.filter((each) => each.value === true);
      if (!found.length) return null;
      const heading = make("h2", {}, "Definitions that hold", make("span", { class: "count" }, ` ${found.length}`));
      return this.#details("definitions", "folded", heading, () =>
        found.map((each) =>
          make("article", { class: "advice" }, make("h3", {}, link(each.label, pageOf(each.id))), list([each.because])),
        ),
      );
    }

    /** Details that are drawn when they are opened, and stay open from one patient to the next. */
    #details(key, style, summary, draw) {
      const node = make("details", { class: style }, make("summary", {}, summary));
      node.fill = () => {
        if (node.childElementCount === 1) node.append(...draw().filter(Boolean));
      };
      node.open = this.open.has(key);
      if (node.open) node.fill();
      node.addEventListener("toggle", () => {
        if (node.open) node.fill();
        if (node.open) this.open.add(key);
        else this.open.delete(key);
      });
      return node;
    }
  }

  simulator.Answer = Answer;
})();
