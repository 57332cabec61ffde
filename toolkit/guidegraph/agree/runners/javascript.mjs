// Decides with a generated module. It starts with {"module": its text}, which is imported as it
// stands, without a file; the last line added to it is what error messages call it.

import { serve } from "./serve.mjs";

await serve(async ({ module }) => {
  const text = `${module}\n//# sourceURL=generated.mjs\n`;
  const { decide } = await import("data:text/javascript;charset=utf-8," + encodeURIComponent(text));
  return ({ facts, settings }) => decide(facts, settings);
});
