import type { ComponentChildren } from 'preact';

/** A column's heading and the class of its cells. */
export type Heading = readonly [words: ComponentChildren, column?: string];

interface TableProps {
  readonly label: string;
  /** Says what the rows are, and their order. */
  readonly caption: string;
  readonly headings: readonly Heading[];
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** A table that scrolls in its place. */
export const Table = ({ label, caption, headings, class: name = '', children }: TableProps) => (
  <div class={`scroll ${name}`} tabIndex={0} role="region" aria-label={`${label}, table`}>
    <table>
      <caption class="hide">{caption}</caption>
      <thead>
        <tr>
          {headings.map(([words, column], index) => (
            <th key={index} scope="col" class={column}>
              {words}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
);
