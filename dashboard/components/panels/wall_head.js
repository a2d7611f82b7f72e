/** Above and below every screen: whose campaign, how far the data reach, the campaign's days, which screen. */

import { build, setText } from "./dom.js";
import { drawRuler, fitPhases } from "./wall_ruler.js";

export function createHead() {
  const part = (tag, name) => build(tag, { class: `gt-wall-${name}` });
  const [title, place, stamp, asOf] = [part("h1", "title"), part("span", "place"), part("span", "stamp"), part("span", "as-of")];
  const top = build("header", { class: "gt-wall-top" }, [title, place, stamp, asOf]);
  const [ruler, dots, version, credit] = [part("div", "ruler"), part("div", "dots"), part("span", "version"), part("span", "credit")];
  const bottom = build("footer", { class: "gt-wall-bottom" }, [ruler, build("div", { class: "gt-wall-foot" }, [dots, version, credit])]);
  dots.setAttribute("aria-hidden", "true");
  return {
    top,
    bottom,
    update(told) {
      for (const [node, words] of [[title, told.title], [place, told.place], [stamp, told.stamp], [asOf, told.as_of], [version, told.version], [credit, told.credit]]) {
        setText(node, words);
        node.hidden = !words;
      }
      ruler.replaceChildren(...(told.ruler ? [drawRuler(told.ruler)] : []));
      fitPhases(ruler);
    },
    turn(at, length) {
      while (dots.childElementCount > length) dots.lastChild.remove();
      while (dots.childElementCount < length) dots.append(build("i"));
      [...dots.children].forEach((dot, place) => dot.classList.toggle("gt-wall-now", place === at));
    },
  };
}
