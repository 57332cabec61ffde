// Asks the search of a site what it finds: file of the index and calls in, one JSON answer out.
import { readFileSync } from "node:fs";
import vm from "node:vm";

const { assets, index, calls } = JSON.parse(readFileSync(0, "utf8"));
vm.runInThisContext(readFileSync(`${assets}/search/matching.js`, "utf8"));
if (index) vm.runInThisContext(index);
const { search } = globalThis.guidegraph;
const known = globalThis.guidegraph.searchIndex;
const ready = known ? search.prepare(known) : null;

/** What each call answers. */
const answers = {
  find: (query) => {
    const found = search.find(ready, query);
    const hits = found.hits.map(({ entry, tier }) => [known.entries[entry][0], tier]);
    return { ...found, hits };
  },
  marked: (text, query) => search.marked(text, query),
  fold: (text) => search.fold(text),
  words: (text) => [...search.words(text)],
  size: () => ready.sorted.length,
};
process.stdout.write(JSON.stringify(calls.map(([name, ...given]) => answers[name](...given))));
