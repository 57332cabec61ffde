/* Before printing, what is folded away is opened; afterwards it is as it was. */
(() => {
  "use strict";
  let opened = [];
  globalThis.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const each of opened) each.open = true;
  });
  globalThis.addEventListener("afterprint", () => {
    for (const each of opened) each.open = false;
    opened = [];
  });
})();
