// Parts of pages that are loaded anew, changed only where they differ. Nothing is evaluated: the policy forbids it.
import htmx from "htmx.org";
import { Idiomorph } from "idiomorph";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;
htmx.defineExtension("morph", {
  isInlineSwap: (style) => style.startsWith("morph"),
  handleSwap: (style, target, fragment) => {
    if (!style.startsWith("morph")) return false;
    const inner = style === "morph:innerHTML" || style === "morph";
    return Idiomorph.morph(target, fragment.children, { morphStyle: inner ? "innerHTML" : "outerHTML", ignoreActiveValue: true });
  },
});
export { htmx, Idiomorph };
