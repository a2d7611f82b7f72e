/** The special actions as one list: choosing one sets its categories and streets. */

import { createSection } from "./controls.js";
import { build, setText, syncChildren } from "./dom.js";

/** The section; `emit({action: code})` with "" to let go of it. Hidden in a city without any. */
export function actionPart(say, emit) {
  const choice = build("select", { class: "gt-field gt-actions", onchange: () => emit({ action: choice.value }) });
  choice.setAttribute("aria-label", say("filter.action"));
  const section = createSection({ title: say("filter.action"), children: [choice] });
  return {
    section,
    paint({ actions }) {
      section.element.hidden = !actions;
      if (!actions) return;
      const options = [{ code: "", name: actions.none }, ...actions.options];
      const create = ({ code }) => build("option", { value: code });
      syncChildren(choice, options, ({ code }) => code, create, (option, { name, title }) => {
        setText(option, name);
        option.title = title ?? "";
      });
      choice.value = actions.chosen;
      section.summary("");
    },
  };
}
