/** Factors with the values that each may have. */
export type Factors = Readonly<Record<string, readonly unknown[]>>;

/** One value of each factor. */
export type RowOf<Table extends Factors> = { readonly [Factor in keyof Table]: Table[Factor][number] };

type Cell = readonly [factor: string, value: unknown];
/** Pairs that no row has yet. */
type Pairs = ReadonlyMap<string, readonly [Cell, Cell]>;

/**
 * Few rows in which each value of each factor meets each value of each other one: a fault of two that don't go together shows in one of
 * them. The same rows for the same factors.
 */
export function pairwise<Table extends Factors>(factors: Table): readonly RowOf<Table>[] {
  const cells = Object.entries(factors).map(([factor, values]) =>
    values.map((value): Cell => [factor, value]),
  );
  const open = new Map<string, readonly [Cell, Cell]>();
  for (const [index, ones] of cells.entries())
    for (const one of ones)
      for (const other of cells.slice(index + 1).flat()) open.set(keyOf(one, other), [one, other]);
  const rows: RowOf<Table>[] = [];
  for (let [seed] = open.values(); seed !== undefined; [seed] = open.values()) {
    const chosen: Cell[] = [...seed];
    const missing = (): readonly Cell[] =>
      cells.flat().filter(([factor]) => !chosen.some(([other]) => other === factor));
    for (let left = missing(); left.length > 0; left = missing()) chosen.push(bestOf(left, chosen, open));
    for (const one of chosen) for (const other of chosen) open.delete(keyOf(one, other));
    rows.push(Object.fromEntries(chosen) as RowOf<Table>);
  }
  return rows;
}

/** The value that meets most of the chosen ones for the first time; of several the one with most left to meet. */
function bestOf(values: readonly Cell[], chosen: readonly Cell[], open: Pairs): Cell {
  const pairs = [...open.values()];
  const firsts = (value: Cell): number =>
    chosen.filter((other) => open.has(keyOf(value, other)) || open.has(keyOf(other, value))).length;
  const left = (value: Cell): number =>
    pairs.filter(([one, other]) => one === value || other === value).length;
  return values.reduce((best, value) =>
    (firsts(value) - firsts(best) || left(value) - left(best)) > 0 ? value : best,
  );
}

function keyOf(one: Cell, other: Cell): string {
  return JSON.stringify([one, other]);
}
