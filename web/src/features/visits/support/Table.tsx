import type { ReactNode } from 'react';
import classes from './Support.module.css';

export interface Column<T> {
  name: string;
  of: (row: T) => ReactNode;
  number?: boolean;
}

interface TableProps<T> {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
}

/** A table, of which a phone makes cards. */
export function Table<T>({ label, columns, rows, keyOf }: TableProps<T>) {
  return (
    <section className={classes.scroll} aria-label={label}>
      <table className={classes.table}>
        <thead>
          <tr>
            {columns.map(({ name, number }) => (
              <th key={name} scope="col" className={number ? classes.number : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ name, of, number }) => (
                <td key={name} data-of={name} className={number ? classes.number : undefined}>
                  {of(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
