import { CausationPanel } from '../../components/causation';
import { Empty, Panel } from '../../components/panel';
import { Transport } from '../../components/transport';
import { count } from '../../format/decimal';
import { inThePast, titleInThePast, verdictLook } from '../../format/words';
import { link, route } from '../../state/navigation';
import { shown } from '../../state/shown';
import { Log } from './log';
import { RecordPanel } from './record-panel';

function AsItWas() {
  const overview = shown.value;
  const { at } = route.value;
  if (at === null || !overview) return null;
  const { verdict } = overview;
  return (
    <Panel title={`As it was at position ${count(at)}`} right={<a href={link('overview')}>whole Overview</a>}>
      <div class="verdict" data-is={verdictLook(verdict)}>
        <div role="status">
          <p class="large">
            <b>{titleInThePast(verdict.title)}</b>
          </p>
          <p>{inThePast(verdict.reason)}</p>
        </div>
      </div>
    </Panel>
  );
}

/** The log, the position that is shown, and what followed from what. */
export function TimelineView() {
  const { id, at } = route.value;
  const selected = id !== null && /^\d+$/.test(id) ? Number(id) : at;
  return (
    <main>
      <h1 class="hide">Timeline</h1>
      <Transport />
      <AsItWas />
      <div class="split two">
        <Log selected={selected} />
        <div class="stack">
          {selected === null ? (
            <Panel title="Causation">
              <Empty>Choose a record: its causes and what followed from it are shown here.</Empty>
            </Panel>
          ) : (
            <>
              <CausationPanel key={selected} position={selected} selected={selected} title="Causation" />
              <RecordPanel key={`record ${selected}`} position={selected} />
            </>
          )}
        </div>
      </div>
    </main>
  );
}
