/** The viewport in the address: `#map=zoom/lat/lon`, beside whatever else the hash holds. */

const PATTERN = /(?:^#?|&)map=(-?[\d.]+)\/(-?[\d.]+)\/(-?[\d.]+)/;

/** {zoom, center: [lon, lat]} from a hash, or null when it holds none that is on this planet. */
export function readView(hash) {
  const found = PATTERN.exec(hash);
  if (!found) return null;
  const [zoom, lat, lon] = found.slice(1).map(Number);
  const sound = zoom >= 0 && zoom <= 22 && Math.abs(lat) <= 85 && Math.abs(lon) <= 180;
  return sound ? { zoom, center: [lon, lat] } : null;
}

/** The hash with this view written into it; other parts stay. */
export function writeView(hash, { zoom, center }) {
  const own = `map=${Number(zoom.toFixed(2))}/${center[1].toFixed(5)}/${center[0].toFixed(5)}`;
  const others = hash
    .replace(/^#/, "")
    .split("&")
    .filter((part) => part && !part.startsWith("map="));
  return `#${[...others, own].join("&")}`;
}
