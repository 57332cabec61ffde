// The side panel: where it is on the flowchart, and which patients change. It never blocks typing.
"use strict";

(() => {
  const running = new Map();

  /** Fill a place with what stands at an address; false if that was stopped, or failed. */
  async function load(place, address, during = null) {
    running.get(place)?.abort();
    const asked = new AbortController();
    running.set(place, asked);
    place.setAttribute("aria-busy", "true");
    if (during) during.hidden = false;
    try {
      const answer = await fetch(address, { signal: asked.signal });
      const text = await answer.text();
      if (asked.signal.aborted) return false;
      if (!answer.ok) throw new Error();
      const page = new DOMParser().parseFromString(text, "text/html");
      place.replaceChildren(...page.body.childNodes);
      if (place.id === "flow") mark(document.activeElement) || show(place.querySelector(".box.marked") || place.querySelector(".box.start"));
      return true;
    } catch {
      if (!asked.signal.aborted) say(place, "This could not be worked out. Try again after the next change.");
      return false;
    } finally {
      if (running.get(place) === asked) {
        running.delete(place);
        place.removeAttribute("aria-busy");
        if (during) during.hidden = true;
      }
    }
  }

  /** Bring a step of the flowchart into view, inside its own frame only. */
  function show(box) {
    const frame = box?.closest(".scroll");
    if (!frame) return;
    const [outer, inner] = [frame.getBoundingClientRect(), box.getBoundingClientRect()];
    frame.scrollTop += inner.top - outer.top - outer.height / 2 + inner.height / 2;
    frame.scrollLeft += inner.left - outer.left - outer.width / 2 + inner.width / 2;
  }

  /** Mark the steps that a row or a branch speaks of; false where it speaks of none. */
  function mark(place) {
    const names = place?.closest?.("[data-nodes]")?.dataset.nodes.split(" ").filter(Boolean) || [];
    const flow = editor.one("flow");
    if (!names.length || !flow) return false;
    flow.querySelectorAll(".box.marked").forEach((each) => each.classList.remove("marked"));
    const found = names.flatMap((name) => [...flow.querySelectorAll(`[data-node="${CSS.escape(name)}"]`)]);
    found.forEach((each) => each.classList.add("marked"));
    show(found[0]);
    return found.length > 0;
  }

  document.addEventListener("focusin", (event) => { mark(event.target); });

  function say(place, words) {
    place.replaceChildren(Object.assign(document.createElement("p"), { className: "quiet", textContent: words }));
  }

  function all() {
    const about = editor.one("side")?.dataset.about || "";
    const flow = editor.one("flow");
    const plan = editor.one("plan");
    if (flow) load(flow, `/flow?iri=${encodeURIComponent(about)}`);
    if (plan) work(plan);
  }

  /** First what holds under the default readings, which is there at once; then all of it. */
  async function work(plan) {
    const during = editor.one("plan-work");
    if (await load(plan, "/panel?first", during)) load(plan, "/panel", during);
  }

  document.addEventListener("click", (event) => {
    const act = event.target.closest?.("[data-act]")?.dataset.act;
    const plan = editor.one("plan");
    if (act === "stop-plan") {
      running.get(plan)?.abort();
      running.delete(plan);
      plan.removeAttribute("aria-busy");
      editor.one("plan-work").hidden = true;
      say(plan, "Stopped.");
      const again = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: "Work it out" });
      again.dataset.act = "work-plan";
      plan.append(again);
      again.focus();
    } else if (act === "work-plan") work(plan);
  });

  editor.watch(all);
  all();
})();
