/** The filters beside the map. State lives in Python; here are only what is shown and asked. */

import { actionPart } from "./action_part.js";
import { pageLink } from "./address.js";
import { STATUS_SIGNS } from "./case_list.js";
import { createCheckMenu, searchAbove } from "./check_menu.js";
import { createCheckTree } from "./check_tree.js";
import { createChoice, createSection } from "./controls.js";
import { createDateRange } from "./date_range.js";
import { build, setAttribute, setText } from "./dom.js";
import { createDraft } from "./draft.js";
import {
  STATUS_GROUPS,
  familyNodes,
  familyPatch,
  familySummary,
  familyTicks,
  officeSummary,
  pickedWords,
  statusGroup,
} from "./filter_words.js";
import { copyText } from "./copy_text.js";
import { createPlaceFilter } from "./place_filter.js";
import { speaker } from "./words.js";

const UNASSIGNED = "unassigned";

/** Put the filters into `root`; `emit` gets `{filters: {…changed keys}}` or `{reset: true}`. */
export function mountFilterPanel(root, { data, text, emit }) {
  const say = speaker(text);
  let facts = data;
  const draft = createDraft({ send: (filters) => emit({ filters }), refresh: () => paint() });
  const parts = createParts(say, draft.ask, () => facts, emit);
  const footer = createFooter(say, {
    reset() {
      draft.forget();
      emit({ reset: true });
    },
    link: pageLink,
  });
  const body = build("div", { class: "gt-filter-body" }, parts.map(({ section }) => section.element));
  const panel = build("div", { class: "gt-panel gt-filter", role: "search" }, [body, footer]);
  panel.setAttribute("aria-label", say("filter.panel"));
  root.append(panel);

  function paint() {
    const chosen = draft.values();
    for (const part of parts) part.paint(facts, chosen);
  }

  function update({ data: next }) {
    facts = next;
    draft.confirm(next.chosen);
    paint();
  }

  update({ data });
  return {
    update,
    destroy() {
      draft.destroy();
      for (const part of parts) {
        part.section.destroy();
        part.destroy?.();
      }
      panel.remove();
    },
  };
}

function createParts(say, ask, facts, emit) {
  return [
    actionPart(say, emit),
    familyPart(say, ask, facts),
    officePart(say, ask),
    datePart(say, ask),
    statusPart(say, ask),
    channelPart(say, ask),
    placePart(say, ask),
  ];
}

function familyPart(say, ask, facts) {
  const tree = createCheckTree({
    label: say("filter.families"),
    words: { only: say("tree.only") },
    chevron: "end",
    openDepth: 0,
    onChange: (codes) => ask(familyPatch(facts().facets.families, codes)),
  });
  const section = createSection({
    title: say("filter.families"),
    children: [tree.element],
    foldFirst: false,
  });
  return {
    section,
    paint({ facets }, chosen) {
      const families = facets.families ?? [];
      tree.update({ nodes: familyNodes(families), chosen: familyTicks(families, chosen) });
      section.summary(familySummary(say, families, chosen));
    },
  };
}

function officePart(say, ask) {
  const title = say("filter.offices");
  const role = createChoice({ label: say("filter.role"), onPick: (code) => ask({ role: code }) });
  const roles = ["lead", "any"].map((code) => ({
    code,
    name: say(`role.${code}`),
    title: say(`role.${code}_long`),
  }));
  const tree = createCheckTree({
    label: title,
    words: { only: say("tree.only") },
    onChange: (codes) => ask({ offices: codes }),
  });
  const search = searchAbove(tree, say);
  const scroller = build("div", { class: "gt-tree-scroll" }, [tree.element]);
  const section = createSection({
    title,
    children: [role.element, search.element, scroller],
    foldFirst: false,
  });
  section.element.classList.add("gt-section-tall");
  return {
    section,
    paint({ facets }, chosen) {
      const offices = officeNodes(facets.offices ?? [], say);
      role.update(roles, chosen.role ?? "lead");
      search.offer(offices.length);
      tree.update({ nodes: offices, chosen: chosen.offices ?? null });
      section.summary(officeSummary(say, offices, chosen.offices));
    },
  };
}

function officeNodes(offices, say) {
  return offices.map((office) =>
    office.code == null || office.code === "" || office.code === UNASSIGNED
      ? { ...office, code: UNASSIGNED, name: office.name ?? say("filter.unassigned") }
      : office,
  );
}

function datePart(say, ask) {
  const range = createDateRange({ say, onChange: ask });
  const section = createSection({ title: say("filter.date"), children: [range.element] });
  return {
    section,
    paint: ({ calendar, period }, chosen) => range.update(chosen, calendar, period),
    destroy: range.destroy,
  };
}

function statusPart(say, ask) {
  const title = say("filter.status");
  const options = STATUS_GROUPS.map(({ code }) => ({ code, name: say(`status_group.${code}`) }));
  const pick = (picked) => ask({ statuses: STATUS_GROUPS.find(({ code }) => code === picked).statuses });
  const choice = createChoice({ label: title, onPick: pick });
  const more = build("button", {
    type: "button",
    class: "gt-icon-button gt-more",
    "aria-label": say("filter.status_exact"),
    title: say("filter.status_exact"),
  });
  const row = build("div", { class: "gt-status-row" }, [choice.element, more]);
  const menu = createCheckMenu({
    label: say("filter.status_exact"),
    say,
    anchor: more,
    onChange: (codes) => ask({ statuses: codes }),
  });
  const section = createSection({ title, children: [row] });
  return {
    section,
    paint({ facets }, { statuses }) {
      const group = statusGroup(statuses);
      choice.update(options, group);
      menu.update((facets.statuses ?? []).map(signed), statuses);
      setAttribute(more, "data-on", group === null);
      section.summary(group ? "" : pickedWords(say, facets.statuses ?? [], statuses, "filter.all"));
    },
    destroy: menu.destroy,
  };
}

const signed = (status) => ({ ...status, sign: STATUS_SIGNS[status.code] });

function channelPart(say, ask) {
  const title = say("filter.channels");
  const menu = createCheckMenu({
    label: title,
    say,
    onChange: (codes) => ask({ channels: codes }),
    summary: (nodes, chosen) => pickedWords(say, nodes, chosen, "filter.all_channels"),
  });
  const section = createSection({ title, children: [menu.element] });
  return {
    section,
    paint: ({ facets }, { channels }) => menu.update(facets.channels ?? [], channels),
    destroy: menu.destroy,
  };
}

function placePart(say, ask) {
  const place = createPlaceFilter({ say, ask });
  const section = createSection({ title: say("filter.place_title"), children: [place.element] });
  return {
    section,
    paint: ({ facets }, chosen) => place.update(facets, chosen),
    destroy: place.destroy,
  };
}

function createFooter(say, { reset, link }) {
  const told = build("p", { class: "gt-told", role: "status" });
  const button = (key, onclick) =>
    build("button", { type: "button", class: "gt-act", text: say(key), onclick });
  const copy = async () => {
    const copied = await copyText(link(), told);
    setText(told, say(copied ? "filter.copied" : "filter.not_copied"));
    setTimeout(() => setText(told, ""), copied ? 4000 : 12_000);
  };
  return build("div", { class: "gt-filter-foot" }, [
    told,
    button("filter.reset", reset),
    button("filter.copy_link", copy),
  ]);
}

export { mountFilterPanel as mount };
