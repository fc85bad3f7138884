/** A part of a limit as a bar: amber from 80 %, red from 100 %. Words beside it say the same. */
export function Meter({ percent }: { readonly percent: number }) {
  const tone = percent >= 100 ? 'error' : percent >= 80 ? 'warn' : '';
  return (
    <dd class={`meter ${tone}`} aria-hidden="true">
      <i style={{ width: `${Math.min(100, percent)}%` }} />
    </dd>
  );
}
