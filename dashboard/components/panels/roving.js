/** One stop of Tab for a whole table: within it the arrow keys go from number to number. */

const STOPS = "button:not([tabindex='-1']), a[href], [data-roving]";

/**
 * Of the buttons and links of `rows` (elements such as `tr` or `li`) one can be reached by Tab.
 *
 * Left and right go along a row, up and down to the row above and below, Home and End to the ends
 * of the row. Call it again when the rows have changed.
 */
export function rove(rows) {
  const grid = rows.map((row) => [...row.querySelectorAll(STOPS)]).filter((stops) => stops.length);
  const focused = grid.flat().find((stop) => stop === stop.getRootNode().activeElement);
  const current = focused ?? grid[0]?.[0];
  grid.flat().forEach((stop) => {
    stop.dataset.roving = "";
    stop.tabIndex = stop === current ? 0 : -1;
    stop.onkeydown = (event) => pressed(event, grid, stop);
  });
}

function pressed(event, grid, from) {
  const row = grid.findIndex((stops) => stops.includes(from));
  const next = nextStop(event.key, row, grid[row].indexOf(from), grid.map(({ length }) => length));
  if (!next) return;
  event.preventDefault();
  const to = grid[next[0]][next[1]];
  from.tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
}

/** Where a key leads from a place: [row, place in it]; null for other keys and beyond the edge. */
export function nextStop(key, row, at, lengths) {
  const steps = { ArrowRight: [row, at + 1], ArrowLeft: [row, at - 1], ArrowDown: [row + 1, at], ArrowUp: [row - 1, at], Home: [row, 0], End: [row, lengths[row] - 1] };
  const [to, place] = steps[key] ?? [-1, -1];
  if (!(to in lengths) || place < 0 || (to === row && place >= lengths[row])) return null;
  return [to, Math.min(place, lengths[to] - 1)];
}
