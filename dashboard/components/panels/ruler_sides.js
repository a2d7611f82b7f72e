/** Left of the ruler: the whole campaign, and the time before and after it. */

import { createChoice } from "./controls.js";
import { dayNumber } from "./calendar_days.js";
import { build, setAttribute, setAttributes, setText } from "./dom.js";
import { createPopover } from "./popover.js";
import { countWords, rangeWords } from "./words.js";

const SIDES = ["before", "after"];

/** Two buttons; `ask(patch)` takes `{phases}` and `{compare}`. */
export function createRulerSides({ say, ask }) {
  const whole = build("button", {
    type: "button",
    class: "gt-side",
    text: say("ruler.whole"),
    onclick: () => ask({ phases: null }),
  });
  const sides = build("button", { type: "button", class: "gt-side" });
  const picks = SIDES.map((code) => sidePick(say, code, () => toggle(code)));
  const against = createChoice({
    label: say("ruler.compare"),
    look: "pills",
    onPick: (code) => ask({ compare: code === "" ? null : { a: "before", b: code } }),
  });
  const note = build("p", { class: "gt-readout", text: say("ruler.compare_note") });
  const content = build("div", { class: "gt-menu" }, [
    ...picks.map(({ element }) => element),
    build("fieldset", { class: "gt-part" }, [
      build("legend", { text: say("ruler.compare") }),
      against.element,
      note,
    ]),
  ]);
  const element = build("div", { class: "gt-sides" }, [whole, sides]);
  const popover = createPopover({ anchor: sides, content, label: say("ruler.sides") });
  let chosen = null;

  function toggle(code) {
    ask({ phases: chosen?.length === 1 && chosen[0] === code ? null : [code] });
  }

  return {
    element,
    update(facts, { phases, compare }) {
      chosen = phases ?? null;
      const picked = SIDES.find((code) => chosen?.includes(code));
      setAttribute(whole, "aria-pressed", String(chosen === null));
      picks.forEach((pick, at) => pick.update(facts[SIDES[at]], chosen));
      const rivals = [...(facts.phases ?? []), { code: "campaign", name: say("ruler.campaign") }];
      against.update([{ code: "", name: say("ruler.no_compare") }, ...rivals], compare?.b ?? "");
      setText(sides, say(sidesKey(picked, compare)));
      setAttribute(sides, "data-on", Boolean(picked || compare));
    },
    destroy: popover.destroy,
  };
}

function sidesKey(picked, compare) {
  if (compare) return "ruler.comparing";
  return picked ? `ruler.${picked}` : "ruler.sides";
}

function sidePick(say, code, onclick) {
  const name = build("b", { text: say(`ruler.${code}`) });
  const dates = build("span", {});
  const n = build("span", { class: "gt-row-n" });
  const element = build("button", { type: "button", class: "gt-side-pick", onclick }, [name, dates, n]);
  return {
    element,
    update(side, chosen) {
      const [from, until] = [dayNumber(side?.from), dayNumber(side?.until)];
      const known = from !== null && until !== null;
      setText(dates, known ? rangeWords(say, from, until) : say("ruler.no_days"));
      setText(n, countWords(side?.n));
      setAttributes(element, {
        "aria-pressed": String(Boolean(chosen?.includes(code))),
        disabled: !known,
      });
    },
  };
}

