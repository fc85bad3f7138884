import { Meter } from './meter';

interface FigureProps {
  readonly label: string;
  /** Null: there is none yet; `absent` says so. */
  readonly value: string | null;
  readonly unit: string;
  readonly note: string;
  readonly absent: string;
  /** A part of a limit; the bar below the figure. */
  readonly percent?: number | null;
}

/** A number with its name, unit and origin. */
export function Figure({ label, value, unit, note, absent, percent }: FigureProps) {
  return (
    <div>
      <dt title={label}>{label}</dt>
      {value === null ? (
        <dd class="v absent">{absent}</dd>
      ) : (
        <dd class="v">
          {value} {unit === '' ? null : <span class="unit">{unit}</span>}
        </dd>
      )}
      {percent == null ? null : <Meter percent={percent} />}
      <dd class="s" title={note}>
        {note}
      </dd>
    </div>
  );
}
