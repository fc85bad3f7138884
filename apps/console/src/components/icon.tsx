/** Every shape of the page, drawn in the colour of its text. */
const SHAPES = {
  ok: <circle cx="8" cy="8" r="6" fill="currentColor" />,
  halted: <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" fill="currentColor" />,
  unknown: (
    <circle
      cx="8"
      cy="8"
      r="6.2"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-dasharray="3 1.9"
    />
  ),
  info: <circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="1.6" />,
  warning: (
    <path d="M8 1.5 15 14H1z" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round" />
  ),
  error: <path d="M8 1l7 7-7 7-7-7z" fill="currentColor" />,
  critical: <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" fill="currentColor" />,
  held: (
    <g fill="none" stroke="currentColor" stroke-width="1.6">
      <circle cx="8" cy="8" r="5.8" />
      <path d="M4 12 12 4" />
    </g>
  ),
  buy: <path d="M8 2l7 12H1z" fill="currentColor" />,
  sell: <path d="M8 14L1 2h14z" fill="currentColor" />,
  play: <path d="M4 2l10 6-10 6z" fill="currentColor" />,
  pause: <path d="M3 2h4v12H3zM9 2h4v12H9z" fill="currentColor" />,
  step: <path d="M3 2l8 6-8 6zM12 2h2v12h-2z" fill="currentColor" />,
  back: <path d="M13 2L5 8l8 6zM4 2H2v12h2z" fill="currentColor" />,
  next: <path d="M1 2l6 6-6 6zM12 3l4 5-4 5-4-5z" fill="currentColor" />,
  prev: <path d="M15 2L9 8l6 6zM4 3l4 5-4 5-4-5z" fill="currentColor" />,
  check: <path d="M2.5 8.5l3.5 4 7.5-9" fill="none" stroke="currentColor" stroke-width="2" />,
} as const;

export type Shape = keyof typeof SHAPES;

export function Icon({ shape, tone = '' }: { readonly shape: Shape; readonly tone?: string | undefined }) {
  return (
    <svg class={`i ${tone}`} viewBox="0 0 16 16" aria-hidden="true">
      {SHAPES[shape]}
    </svg>
  );
}
