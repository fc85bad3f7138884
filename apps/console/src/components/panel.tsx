import type { ComponentChildren } from 'preact';
import { count as counted } from '../format/decimal';

interface PanelProps {
  readonly title: string;
  readonly count?: number | undefined;
  /** Stands beside the title. */
  readonly beside?: ComponentChildren;
  /** Stands at the right end of the heading. */
  readonly right?: ComponentChildren;
  readonly class?: string;
  readonly children?: ComponentChildren;
}

/** A part of a view with a heading. */
export function Panel({ title, count, beside, right, class: name = '', children }: PanelProps) {
  return (
    <section class={`panel ${name}`} aria-label={title}>
      <header>
        <h2>{title}</h2>
        {count === undefined ? null : <span class="muted">{counted(count)}</span>}
        {beside}
        {right === undefined ? null : <span class="right">{right}</span>}
      </header>
      {children}
    </section>
  );
}

/** A sentence in place of a part that has nothing to show. */
export const Empty = ({ children }: { readonly children: ComponentChildren }) => (
  <p class="empty">{children}</p>
);
