import type { RulingLine } from '../pdf/page-geometry.ts';

/** Lines that hang together, straight through or crossing. */
export type Lattice = { readonly across: readonly RulingLine[]; readonly down: readonly RulingLine[] };

/** In points. */
const SAME_LINE = 2;
const JOINED = 3;
const SHORTEST = { across: 8, down: 5 };
/** More crossings than any table has: a drawing. */
const MOST_CROSSINGS = 4_000_000;
const MOST_LATTICES = 500;

/** Pieces that lie on one line are joined: a table's lines are often drawn cell by cell, or as boxes side by side. */
export function mergeLines(lines: readonly RulingLine[]): Lattice {
  const long = ({ from, to }: RulingLine, least: number) => to - from >= least;
  return {
    across: mergeParallel(lines.filter((line) => !line.vertical)).filter((line) =>
      long(line, SHORTEST.across),
    ),
    down: mergeParallel(lines.filter((line) => line.vertical)).filter((line) => long(line, SHORTEST.down)),
  };
}

function mergeParallel(lines: readonly RulingLine[]): readonly RulingLine[] {
  const sorted = [...lines].sort((a, b) => a.at - b.at);
  const merged: RulingLine[] = [];
  let group: RulingLine[] = [];
  for (const line of sorted) {
    if (group[0] && line.at - group[0].at > SAME_LINE) {
      merged.push(...joinAlong(group));
      group = [];
    }
    group.push(line);
  }
  return [...merged, ...joinAlong(group)];
}

function joinAlong(group: readonly RulingLine[]): readonly RulingLine[] {
  const at = group.reduce((sum, line) => sum + line.at, 0) / group.length;
  const joined: RulingLine[] = [];
  for (const line of [...group].sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (!last || line.from > last.to + JOINED) joined.push({ ...line, at });
    else {
      joined[joined.length - 1] = {
        ...last,
        to: Math.max(last.to, line.to),
        drawn: last.drawn || line.drawn,
      };
    }
  }
  return joined;
}

/** Sets of lines of which each crosses or touches another one of the same set. */
export function lattices({ across, down }: Lattice): readonly Lattice[] {
  if (across.length * down.length > MOST_CROSSINGS) return [];
  const groups = disjointSets(across.length + down.length);
  across.forEach((a, i) => {
    down.forEach((d, j) => {
      if (doCross(a, d)) groups.join(i, across.length + j);
    });
  });
  const found = new Map<number, { across: RulingLine[]; down: RulingLine[] }>();
  [...across, ...down].forEach((line, at) => {
    const root = groups.find(at);
    const lattice = found.get(root) ?? { across: [], down: [] };
    found.set(root, lattice);
    lattice[line.vertical ? 'down' : 'across'].push(line);
  });
  return [...found.values()]
    .filter(({ across, down }) => across.length > 1 && down.length > 0)
    .slice(0, MOST_LATTICES);
}

const doCross = (a: RulingLine, d: RulingLine): boolean =>
  d.at >= a.from - JOINED && d.at <= a.to + JOINED && a.at >= d.from - JOINED && a.at <= d.to + JOINED;

export function disjointSets(count: number): { find(at: number): number; join(a: number, b: number): void } {
  const parents = Array.from({ length: count }, (_, at) => at);
  const find = (at: number): number => {
    let root = at;
    while (parents[root] !== root) root = parents[root] ?? root;
    parents[at] = root;
    return root;
  };
  return {
    find,
    join(a, b) {
      parents[find(a)] = find(b);
    },
  };
}
