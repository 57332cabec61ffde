/**
 * The way of one patient through a pathway, as the pathway itself says it.
 *
 *     guidegraph.path.walk(pathway, answers) -> Walked
 *     guidegraph.path.chains(pathway, walked) -> Array<Array<Step>>
 *
 * `pathway` is what the page of a pathway carries as data. `answers` holds true, false or null (not
 * known) for each criterion; one that is missing is not known. No step is taken on an unknown: where
 * no branch holds and one is not known, the branch "when unknown" only leads on to what would find
 * it out (`isSeeking`), and the way itself stops.
 *
 * @typedef {object} Branch
 * @property {string} id
 * @property {string} label
 * @property {?string} criterion
 * @property {?string} role  "Otherwise" or "WhenUnknown" where there is no criterion
 * @property {string} target
 *
 * @typedef {object} PathwayNode
 * @property {string} id
 * @property {"start"|"decision"|"action"|"end"} kind
 * @property {string} label
 * @property {string} [hitPolicy]  "Unique": one branch at most
 * @property {?string} leadsTo
 * @property {Branch[]} branches  by position
 * @property {{label: string, page: string}} [continuesIn]
 *
 * @typedef {object} Pathway
 * @property {?string} population  the criterion of those it is for; null: everybody
 * @property {string} start
 * @property {PathwayNode[]} nodes
 *
 * @typedef {object} Taken
 * @property {string} from
 * @property {string} to
 * @property {?string} branch     null where there was nothing to choose
 * @property {boolean} isSeeking  leads to what would find out what is not known
 *
 * @typedef {object} Stop
 * @property {string} node
 * @property {string[]} unknown  the criteria that are not known; none: no branch holds
 *
 * @typedef {object} Walked
 * @property {?boolean} enters  whether the pathway is for this patient; null: not known
 * @property {Array<{id: string, isSeeking: boolean}>} nodes  in walking order
 * @property {Taken[]} ways    in walking order
 * @property {Stop[]} stops    where the way stops before an end
 * @property {Stop[]} open     decisions where one branch holds and another is not known
 * @property {string[]} ends   the ends that are reached
 */
"use strict";
(() => {
  const guidegraph = (globalThis.guidegraph ??= {});

  /**
   * Which branches are taken at a decision.
   *
   * @param {PathwayNode} node
   * @param {function(?string): ?boolean} truth
   * @returns {{taken: Branch[], isSeeking: boolean, unknown: string[]}}
   */
  const decided = (node, truth) => {
    const tested = node.branches.filter((each) => each.criterion);
    const answers = tested.map((each) => truth(each.criterion));
    const others = answers.includes(true) ? false : answers.includes(null) ? null : true;
    const answer = (each) =>
      each.criterion ? truth(each.criterion) : each.role === "Otherwise" ? others : false;
    const unknown = [...new Set(tested.map((each) => each.criterion))].filter((each) => truth(each) === null);
    const taken = node.branches.filter((each) => answer(each) === true);
    if (taken.length || !unknown.length) return { taken, isSeeking: false, unknown };
    const asking = node.branches.filter((each) => !each.criterion && each.role === "WhenUnknown");
    return { taken: asking, isSeeking: true, unknown };
  };

  /**
   * @param {PathwayNode} node
   * @param {function(?string): ?boolean} truth
   * @returns {{ways: Array<{to: string, branch: ?string, isSeeking: boolean}>, unknown: string[]}}
   */
  const onward = (node, truth) => {
    if (node.kind === "decision") {
      const { taken, isSeeking, unknown } = decided(node, truth);
      return { ways: taken.map((each) => ({ to: each.target, branch: each.id, isSeeking })), unknown };
    }
    const ways = node.leadsTo ? [{ to: node.leadsTo, branch: null, isSeeking: false }] : [];
    return { ways, unknown: [] };
  };

  /**
   * @param {Pathway} pathway
   * @param {Object<string, ?boolean>} answers
   * @returns {Walked}
   */
  const walk = (pathway, answers) => {
    const known = new Map(pathway.nodes.map((each) => [each.id, each]));
    const truth = (name) => (Object.hasOwn(answers, name) ? answers[name] ?? null : null);
    const enters = pathway.population ? truth(pathway.population) : true;
    const walked = { enters, nodes: [], ways: [], stops: [], open: [], ends: [] };
    if (enters === null) walked.stops.push({ node: pathway.start, unknown: [pathway.population] });
    if (!enters || !known.has(pathway.start)) return walked;

    /** What is arrived at without anything unknown on the way. */
    const sure = new Set();
    const ahead = [pathway.start];
    while (ahead.length) {
      const name = ahead.pop();
      if (sure.has(name) || !known.has(name)) continue;
      sure.add(name);
      ahead.push(...onward(known.get(name), truth).ways.filter((each) => !each.isSeeking).map((each) => each.to));
    }

    const met = new Set();
    const visit = (name) => {
      if (met.has(name) || !known.has(name)) return;
      met.add(name);
      const node = known.get(name);
      const isSeeking = !sure.has(name);
      walked.nodes.push({ id: name, isSeeking });
      const { ways, unknown } = onward(node, truth);
      if (node.kind === "end" && !isSeeking) walked.ends.push(name);
      if (node.kind === "decision" && ways.every((each) => each.isSeeking)) {
        walked.stops.push({ node: name, unknown });
      } else if (unknown.length && node.hitPolicy !== "Unique") {
        walked.open.push({ node: name, unknown });
      }
      for (const way of ways) {
        walked.ways.push({ from: name, to: way.to, branch: way.branch, isSeeking: isSeeking || way.isSeeking });
      }
      for (const way of ways) visit(way.to);
    };
    visit(pathway.start);
    return walked;
  };

  const MANY = 40;

  /**
   * The ways that were taken, each from the start to where it ends: nodes and branches in turn.
   *
   * @param {Pathway} pathway
   * @param {Walked} walked
   * @returns {Array<Array<{node?: string, branch?: string, isSeeking: boolean}>>}
   */
  const chains = (pathway, walked) => {
    const found = [];
    const follow = (name, trail, isSeeking) => {
      if (found.length >= MANY) return;
      const here = [...trail, { node: name, isSeeking }];
      const ways = walked.ways.filter((each) => each.from === name);
      const isCircle = trail.some((each) => each.node === name);
      if (!ways.length || isCircle) {
        found.push(here);
        return;
      }
      for (const way of ways) {
        const seeking = isSeeking || way.isSeeking;
        const step = way.branch ? [{ branch: way.branch, isSeeking: seeking }] : [];
        follow(way.to, [...here, ...step], seeking);
      }
    };
    if (walked.nodes.length) follow(pathway.start, [], false);
    return found;
  };

  guidegraph.path = { walk, chains };
})();
