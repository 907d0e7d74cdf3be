/** Places for the nodes of a graph: linked ones near each other, others apart; the same each time. */

export interface Point {
  x: number;
  y: number;
}

const ROUNDS = 250;
const REACH = 130;

/** Return a place for each of `count` nodes; `links` are pairs of their numbers. */
export function layOut(count: number, links: readonly (readonly [number, number])[]): Point[] {
  const places = spiral(count);
  for (let round = 0; round < ROUNDS; round += 1) {
    const most = 40 * (1 - round / ROUNDS) + 1;
    const steps = places.map(() => ({ x: 0, y: 0 }));
    push(places, steps);
    pull(places, steps, links);
    places.forEach((place, at) => move(place, steps[at] as Point, most));
  }
  return places;
}

/** A start in which no two places are the same, and that needs no chance. */
function spiral(count: number): Point[] {
  return Array.from({ length: count }, (_, at) => {
    const radius = REACH * 0.6 * Math.sqrt(at);
    return { x: radius * Math.cos(at * 2.4), y: radius * Math.sin(at * 2.4) };
  });
}

function push(places: readonly Point[], steps: readonly Point[]): void {
  for (let one = 0; one < places.length; one += 1) {
    for (let other = one + 1; other < places.length; other += 1) {
      const [from, to] = [places[one] as Point, places[other] as Point];
      const x = from.x - to.x;
      // Labels are wider than high.
      const y = (from.y - to.y) * 1.4;
      const square = Math.max(x * x + y * y, 1);
      apply(steps, one, other, x, y, (REACH * REACH) / square);
    }
  }
}

function pull(places: readonly Point[], steps: readonly Point[], links: readonly (readonly [number, number])[]): void {
  for (const [one, other] of links) {
    const [from, to] = [places[one] as Point, places[other] as Point];
    const x = to.x - from.x;
    const y = to.y - from.y;
    apply(steps, one, other, x, y, Math.hypot(x, y) / REACH / 2);
  }
  places.forEach((place, at) => {
    const step = steps[at] as Point;
    step.x -= place.x * 0.02;
    step.y -= place.y * 0.03;
  });
}

function apply(steps: readonly Point[], one: number, other: number, x: number, y: number, by: number): void {
  const [first, second] = [steps[one] as Point, steps[other] as Point];
  first.x += x * by;
  first.y += y * by;
  second.x -= x * by;
  second.y -= y * by;
}

function move(place: Point, step: Point, most: number): void {
  const length = Math.hypot(step.x, step.y) || 1;
  const by = Math.min(length, most) / length;
  place.x += step.x * by;
  place.y += step.y * by;
}
