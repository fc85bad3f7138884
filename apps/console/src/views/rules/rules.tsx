import type { RulesRun, RulesView } from '@opensqt/observability/console-api';
import { useState } from 'preact/hooks';
import { change, sentenceOf } from '../../api/client';
import { Copy } from '../../components/copy';
import { Failure, Reading } from '../../components/failure';
import { Choice } from '../../components/field';
import { Empty, Panel } from '../../components/panel';
import { plural } from '../../format/words';
import { live } from '../../state/live';
import { useRemote } from '../../state/remote';
import { type Setting, type Texts, changesOf, linesOf, sectionOf } from './changes';
import { Differences } from './differences';
import { RulesForm } from './form';

const HOUR = 3_600_000;
const PARTS = [
  ['0', 'the whole log'],
  [String(HOUR), 'its last hour'],
  [String(24 * HOUR), 'its last day'],
  [String(7 * 24 * HOUR), 'its last 7 days'],
] as const;

function Yaml({ changes }: { readonly changes: ReturnType<typeof changesOf> }) {
  const lines = changes.length === 0 ? [] : linesOf(changes);
  const added = lines.filter(({ sign }) => sign !== '-').map(({ text }) => `${text}\n`);
  return (
    <Panel title="YAML" right={<Copy text={added.join('')} what="the YAML" />}>
      {lines.length === 0 ? (
        <Empty>What you change stands here, as the configuration has it.</Empty>
      ) : (
        <div class="pad">
          <pre class="md">
            {lines.map(({ sign, text }, index) => (
              <span key={index} class={sign === '+' ? 'ok' : sign === '-' ? 'error' : ''}>
                {`${sign} ${text}\n`}
              </span>
            ))}
          </pre>
        </div>
      )}
    </Panel>
  );
}

function Trial({ settings }: { readonly settings: readonly Setting[] }) {
  const [texts, setTexts] = useState<Texts>({});
  const [part, setPart] = useState('0');
  const [run, setRun] = useState<RulesRun | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const changes = changesOf(settings, texts);
  const newest = live.value?.time ?? 0;
  const start = () => {
    setBusy(true);
    setFailure(null);
    const from = part === '0' ? {} : { from: Math.max(0, Math.round(newest - Number(part))) };
    change<RulesRun>('POST', 'rules/runs', { alerts: sectionOf(changes), ...from })
      .then(setRun, (error: unknown) => setFailure(sentenceOf(error)))
      .finally(() => setBusy(false));
  };
  return (
    <div class="split two">
      <div class="stack">
        <Panel
          title="What would be notified under"
          right={<span class="muted small">{plural(changes.length, 'change')}, not in force</span>}
        >
          <div class="pad stack">
            <RulesForm
              settings={settings}
              texts={texts}
              onChange={(key, text) => setTexts((before) => ({ ...before, [key]: text }))}
            />
            <p class="note">
              Risk limits (max_drawdown, max_exposure, …) can't be tried here: the log holds what tripped, not
              what would have. Change those in the configuration. daily_loss, no_fills and orders_rejected
              begin to count where the run begins.
            </p>
          </div>
          <Failure words={failure} />
          <div class="actions filters">
            <Choice label="Run over" value={part} options={PARTS} onChange={setPart} />
            <button type="button" class="main" disabled={isBusy || changes.length === 0} onClick={start}>
              {isBusy ? 'Running …' : 'Run'}
            </button>
          </div>
        </Panel>
        <Yaml changes={changes} />
      </div>
      <Differences run={run} />
    </div>
  );
}

/** Other thresholds and routes, and what they would have made of the log. */
export function RulesPage() {
  const { value, error } = useRemote<RulesView>('rules');
  return (
    <main>
      <h1 class="hide">Rules</h1>
      {value ? <Trial settings={value.settings} /> : <Reading title="Rules" error={error} />}
    </main>
  );
}
