/** Where the card behind a number goes: beside it, never over it. */

const GAP_PX = 8;
const EDGE_PX = 8;
const LEAST_PX = 120;

/**
 * Corner and greatest height of a card of `size` beside a rectangle; all in CSS pixels of the viewport.
 *
 * Below where it fits, else above, to the right, to the left; where it fits nowhere, in the
 * larger of the rooms above and below, and scrolled.
 */
export function placeBeside(beside, size, view) {
  const rooms = roomsOf(beside, view);
  const along = (start, length, whole) => Math.max(EDGE_PX, Math.min(start, whole - length - EDGE_PX));
  const left = along(beside.left, size.width, view.width);
  const top = along(beside.top, size.height, view.height);
  const tall = size.height <= view.height - 2 * EDGE_PX;
  if (size.height <= rooms.below) return corner(left, beside.bottom + GAP_PX, rooms.below);
  if (size.height <= rooms.above) return corner(left, beside.top - GAP_PX - size.height, rooms.above);
  if (tall && size.width <= rooms.right) return corner(beside.right + GAP_PX, top, view.height);
  if (tall && size.width <= rooms.left) return corner(beside.left - GAP_PX - size.width, top, view.height);
  if (rooms.below >= rooms.above) return corner(left, beside.bottom + GAP_PX, Math.max(rooms.below, LEAST_PX));
  return corner(left, EDGE_PX, Math.max(rooms.above, LEAST_PX));
}

/** On a narrow window: at the bottom, or at the top where the number stands low; and how high it may be. */
export function placeAcross(beside, height, view) {
  const { above, below } = roomsOf(beside, view);
  const high = height > below && above > below;
  return { side: high ? "top" : "bottom", most: Math.floor(Math.max(high ? above : below, LEAST_PX)) };
}

function roomsOf(beside, view) {
  return {
    above: beside.top - GAP_PX - EDGE_PX,
    below: view.height - beside.bottom - GAP_PX - EDGE_PX,
    left: beside.left - GAP_PX - EDGE_PX,
    right: view.width - beside.right - GAP_PX - EDGE_PX,
  };
}

function corner(left, top, most) {
  return { left: Math.round(left), top: Math.round(top), most: Math.floor(most) };
}
