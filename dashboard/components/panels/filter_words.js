/** What the filters say about themselves and how a click becomes a patch. No screen here. */

import { arrangeTree, chosenFrom, ticksFor, tickStates } from "./tree_state.js";
import { countWords, numeral } from "./words.js";

/** The three short answers to "which state", each with the exact statuses it covers. */
export const STATUS_GROUPS = [
  { code: "all", statuses: null },
  { code: "open", statuses: ["open", "due_soon"] },
  { code: "overdue", statuses: ["overdue"] },
  { code: "closed", statuses: ["closed_on_time", "closed_late"] },
];

const FAMILY = "family/";
const CATEGORY = "category/";

/** The family facets as tree nodes; the prefix keeps a family and a category of one code apart. */
export function familyNodes(families) {
  return families.flatMap(({ code, name, n, categories = [] }) => [
    { code: FAMILY + code, name, n, parent: null },
    ...categories.map((each) => ({
      ...each,
      code: CATEGORY + code + "/" + each.code,
      parent: FAMILY + code,
    })),
  ]);
}

/** The codes of that tree that are ticked for `{families, categories}`; null for all. */
export function familyTicks(families, chosen) {
  if (chosen.families == null && chosen.categories == null) return null;
  const wanted = chosen.families == null ? null : new Set(chosen.families);
  const exact = chosen.categories == null ? null : new Set(chosen.categories);
  return families
    .filter(({ code }) => wanted === null || wanted.has(code))
    .flatMap(({ code, categories = [] }) =>
      exact === null || !categories.length
        ? [FAMILY + code]
        : categories.filter((each) => exact.has(each.code)).map((each) => CATEGORY + code + "/" + each.code),
    );
}

/**
 * Ticks as a patch. `families` names every family that is ticked at least in part; `categories`
 * is null unless a family is ticked in part, and then names every ticked category of all families.
 * A case passes when both hold.
 */
export function familyPatch(families, codes) {
  if (codes === null) return { families: null, categories: null };
  const tree = arrangeTree(familyNodes(families));
  const ticks = ticksFor(tree, codes);
  const states = tickStates(tree, ticks);
  const stateOf = ({ code }) => states.get(FAMILY + code);
  const ticked = families.filter((family) => stateOf(family) !== "none");
  const partly = families.some((family) => stateOf(family) === "some");
  const exact = families.flatMap(({ code, categories = [] }) =>
    categories.filter((each) => ticks.has(CATEGORY + code + "/" + each.code)).map((each) => each.code),
  );
  return {
    families: ticked.length === families.length ? null : ticked.map(({ code }) => code),
    categories: partly ? exact : null,
  };
}

/** 全部, 三大类, 两大类 · 5 小类. */
export function familySummary(say, families, chosen) {
  if (chosen.families == null && chosen.categories == null) return say("filter.all");
  const n = numeral(say, chosen.families?.length ?? families.length);
  if (chosen.categories == null) return say("filter.n_families", { n });
  return say("filter.n_families_categories", { n, m: countWords(chosen.categories.length) });
}

/** The group whose statuses are exactly the chosen ones, or null. */
export function statusGroup(chosen) {
  const wanted = chosen == null ? null : [...chosen].sort().join();
  return (
    STATUS_GROUPS.find(({ statuses }) => (statuses && [...statuses].sort().join()) === wanted)?.code ??
    null
  );
}

/** All 4 channels; 巡查、暗访; 已选 3 / 10. */
export function pickedWords(say, nodes, chosen, allKey) {
  if (chosen == null) return say(allKey, { n: nodes.length });
  const names = nodes.filter(({ code }) => chosen.includes(code)).map(({ name }) => name);
  if (!names.length) return say("filter.picked_none");
  const words = names.join(say("list.separator"));
  return names.length <= 2 && words.length <= 14
    ? words
    : say("filter.picked", { n: names.length, m: nodes.length });
}

/** How many offices are left, or nothing when all are. */
export function officeSummary(say, offices, chosen) {
  if (chosen == null) return "";
  const tree = arrangeTree(offices);
  const ticks = ticksFor(tree, chosen);
  const ends = tree.filter(({ below }) => !below.length);
  const n = ends.filter(({ code }) => ticks.has(code)).length;
  return n ? say("filter.picked", { n, m: ends.length }) : say("filter.picked_none");
}

/** Street, class, place and hours in one line; 不限 when none is set. */
export function placeSummary(say, facets, chosen) {
  const named = (nodes, codes) => {
    if (codes == null) return null;
    const tree = arrangeTree(nodes ?? []);
    const kept = new Set(chosenFrom(tree, ticksFor(tree, codes)) ?? tree.map(({ code }) => code));
    const tops = tree.filter(({ code, up }) => kept.has(code) && !kept.has(up));
    return tops.length === 1 ? tops[0].name : say("filter.n_items", { n: tops.length });
  };
  const near = chosen.near;
  const kind = (facets.places ?? []).find((place) => place.kind === near?.kind);
  const parts = [
    named(facets.areas, chosen.areas),
    named(facets.street_classes, chosen.street_classes),
    near && say("filter.near_words", { kind: kind?.name ?? near.kind, m: countWords(near.metres) }),
    chosen.hours && chosen.hours !== "all" ? say(`hours.${chosen.hours}`) : null,
  ].filter(Boolean);
  return parts.join(" · ") || say("filter.unlimited");
}
