/** The same list with one row moved up (-1) or down (1). */
export function moved<Row extends { id: string }>(
  rows: readonly Row[],
  id: string,
  by: -1 | 1,
): Row[] {
  const from = rows.findIndex((each) => each.id === id);
  const rest = rows.filter((each) => each.id !== id);
  const row = rows[from];
  return row ? rest.toSpliced(Math.max(from + by, 0), 0, row) : [...rows];
}
