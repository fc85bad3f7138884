import type { DeliveryView } from '@opensqt/observability/console-api';
import { useState } from 'preact/hooks';
import { change } from '../../api/client';
import { Action } from '../../components/action';
import { Dialog } from '../../components/dialog';
import { Level } from '../../components/level';
import { Empty, Panel } from '../../components/panel';
import { Table } from '../../components/table';
import { clock } from '../../format/time';
import { plural, spaced } from '../../format/words';
import { link } from '../../state/navigation';

type Letter = DeliveryView['deadLetters'][number];

interface RowProps {
  readonly letter: Letter;
  readonly isChosen: boolean;
  readonly onChoose: (isChosen: boolean) => void;
}

function Row({ letter, isChosen, onChoose }: RowProps) {
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          aria-label={`Choose ${letter.title} for ${letter.channel}, ${clock(letter.requestedWall)}`}
          checked={isChosen}
          onChange={(event) => onChoose(event.currentTarget.checked)}
        />
      </td>
      <td class="muted">{clock(letter.requestedWall)}</td>
      <td class="t-wide">{letter.channel}</td>
      <td class="message">
        <span class="cut" title={letter.title}>
          <Level level={letter.level} /> <a href={link('alerts', letter.alertId)}>{letter.title}</a>
        </span>
      </td>
      <td class="muted t-wide">
        <span title={letter.detail}>{spaced(letter.reason)}</span>
      </td>
    </tr>
  );
}

/** Messages that were given up, to be sent again. */
export function DeadLetters({
  letters,
  total,
}: {
  readonly letters: readonly Letter[];
  readonly total: number;
}) {
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const [isAsking, setAsking] = useState(false);
  const selected = letters.filter(({ deliveryId }) => chosen.has(deliveryId));
  const toggle = (id: string) => (isChosen: boolean) =>
    choose((before) => {
      const after = new Set(before);
      if (isChosen) after.add(id);
      else after.delete(id);
      return after;
    });
  const resend = async () => {
    for (const { deliveryId } of selected)
      await change('POST', `dead-letters/${encodeURIComponent(deliveryId)}/resend`);
    choose(new Set());
  };
  const all = (
    <input
      type="checkbox"
      aria-label="Choose all"
      checked={selected.length === letters.length}
      onChange={(event) =>
        choose(new Set(event.currentTarget.checked ? letters.map(({ deliveryId }) => deliveryId) : []))
      }
    />
  );
  const again = (
    <Action isDisabled={selected.length === 0} onClick={() => setAsking(true)}>
      Send again…
    </Action>
  );
  return (
    <Panel title="Dead letters" count={total} right={again}>
      {letters.length === 0 ? (
        <Empty>None. Every message was delivered or still waits.</Empty>
      ) : (
        <Table
          label="Dead letters"
          caption="Dead letters, newest first"
          headings={[[all], ['Requested'], ['Channel', 't-wide'], ['Message'], ['Reason', 't-wide']]}
        >
          {letters.map((letter) => (
            <Row
              key={letter.deliveryId}
              letter={letter}
              isChosen={chosen.has(letter.deliveryId)}
              onChoose={toggle(letter.deliveryId)}
            />
          ))}
        </Table>
      )}
      {isAsking ? (
        <Dialog
          title={`Send ${plural(selected.length, 'message')} again`}
          does="Send again"
          onDo={resend}
          onClose={() => setAsking(false)}
        >
          <p class="note">
            Each becomes a new message with its own attempts, to{' '}
            {[...new Set(selected.map(({ channel }) => channel))].join(', ')}.
          </p>
        </Dialog>
      ) : null}
    </Panel>
  );
}
