/** What the map shows: the host's state, with the user's own choices on top until the host changes its mind. */

const CHOICES = ["measure", "layer", "resolution", "scale_locked", "selected", "theme"];

export const FIRST_STATE = {
  measure: "count",
  layer: "cells",
  resolution: null,
  scale_locked: true,
  selected: null,
  theme: "light",
  lang: "zh",
  resolution_data: 11,
};

function same(a, b) {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Merge the host's next state.
 *
 * `shown` is what is on screen, `told` the last value of each choice the host sent. A choice is taken over only when
 * the host's own value changed, so an update that was under way when the user pressed a button does not undo it.
 * Keys the host leaves out stay as they are, except that new cells without segments retire the old segments.
 */
export function mergeState(shown, told, incoming) {
  const next = { ...shown };
  const heard = { ...told };
  if (incoming.cells) next.segments = undefined;
  for (const [key, value] of Object.entries(incoming)) {
    if (value === undefined) continue;
    if (!CHOICES.includes(key)) next[key] = value;
    else if (!(key in told) || !same(told[key], value)) {
      next[key] = value;
      heard[key] = value;
    }
  }
  return { shown: next, told: heard };
}

/** The layer painted under the table is the one it was opened from. */
export function paintedState(state, face) {
  return state.layer === "table" ? { ...state, layer: face } : state;
}

/** Nothing to show at all: the data came and is empty. */
export function isEmpty(state) {
  if (!state.cells) return false;
  if (state.measure === "class") return state.facts?.n === 0;
  const none = (values) => !values || values.every((value) => value === 0);
  return none(state.cells.value) && none(state.segments?.value);
}

/** Streets named or numbered in `references` as indices into the base map's streets; unknown ones fall away. */
export function streetIndices(basemap, references) {
  const wanted = new Set((references ?? []).filter((one) => one !== null && one !== undefined));
  return basemap.streets
    .filter((street) => wanted.has(street.index) || (street.name && wanted.has(street.name)))
    .map((street) => street.index);
}
