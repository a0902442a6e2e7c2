/** One line of a panel. */
export interface Series {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** One set of axes: x logarithmic, y from 0. */
export interface Panel {
  readonly title: string;
  readonly x: string;
  readonly series: readonly Series[];
}

const WIDTH = 420;
const HEIGHT = 280;
const LEFT = 64;
const TOP = 40;
const RIGHT = 20;
const BOTTOM = 52;

/** Panels side by side as one SVG. */
export function chart(panels: readonly Panel[]): string {
  const drawn = panels.map((panel, at) => `<g transform="translate(${at * WIDTH} 0)">${draw(panel)}</g>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${panels.length * WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    ...drawn,
    "</svg>\n",
  ].join("\n");
}

function draw({ title, x, series }: Panel): string {
  const points = series.flatMap((each) => each.points);
  const xs = [...new Set(points.map(([at]) => at))].toSorted((a, b) => a - b);
  const [least = 1, most = 1] = [xs[0], xs.at(-1)];
  const top = Math.max(1e-9, ...points.map(([, y]) => y)) * 1.1;
  const spread = Math.log(most) - Math.log(least) || 1;
  const atX = (value: number): string =>
    (LEFT + ((Math.log(value) - Math.log(least)) / spread) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const atY = (value: number): string => (HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM)).toFixed(1);
  const marks = xs.map((value) => label(atX(value), HEIGHT - BOTTOM + 18, short(value)));
  const levels = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const y = atY(top * share);
    return `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}" stroke="#ddd"/><text x="${LEFT - 6}" y="${y}" dy="4" text-anchor="end">${short(top * share)}</text>`;
  });
  const lines = series.map(({ name, colour, points: own }, at) => {
    const path = own.map(([px, py]) => `${atX(px)},${atY(py)}`).join(" ");
    const dots = own.map(([px, py]) => `<circle cx="${atX(px)}" cy="${atY(py)}" r="3" fill="${colour}"/>`).join("");
    const key = `<text x="${LEFT + 8 + at * 100}" y="34" fill="${colour}">${name}</text>`;
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots}${key}`;
  });
  return [
    `<text x="${LEFT}" y="16" font-weight="600">${title}</text>`,
    ...levels,
    ...marks,
    label(`${(LEFT + WIDTH - RIGHT) / 2}`, HEIGHT - 12, x),
    ...lines,
  ].join("");
}

function label(x: string, y: number, text: string): string {
  return `<text x="${x}" y="${y}" text-anchor="middle">${text}</text>`;
}

function short(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(2))}M`;
  if (value >= 1e3) return `${Number((value / 1e3).toPrecision(3))}k`;
  return `${Number(value.toPrecision(2))}`;
}
