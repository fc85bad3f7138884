import type { LogRecord } from '@opensqt/event-log';
import { createEvent } from '@opensqt/trading-events';
import { alertIdOf, idInLog } from './id-in-log';
import { OperatorError } from './operator-api';
import { silenceLines } from './silence-lines';

const FIRST = '0192f0c1-2f0a-8c3e-9b1d-5a2f6f1e7c11';
const SECOND = '0192f0c1-ffff-8c3e-9b1d-5a2f6f1e7c11';

const acknowledged = (alertId: string) =>
  createEvent('alert.acknowledged', { alertId, fingerprint: 'f', condition: 'c', by: 'eve' });
const records = [FIRST, FIRST, SECOND].map((id, index): LogRecord => ({
  position: index + 1,
  committedAt: 0,
  bot: 'opensqt',
  writer: 'opensqt',
  event: acknowledged(id) as unknown as LogRecord['event'],
}));
async function* inChunks(all: readonly LogRecord[]): AsyncGenerator<readonly LogRecord[]> {
  for (const record of all) yield await Promise.resolve([record]);
}

const find = (given: string): Promise<string> => idInLog(inChunks(records), given, 'alert', alertIdOf);

describe('an id in the log', () => {
  it.each([
    ['0192f0c1-2', FIRST],
    [SECOND, SECOND],
    ['ffff', 'ffff'],
  ])('is found by its beginning: %s', async (given, expected) => {
    await expect(find(given)).resolves.toBe(expected);
  });

  it.each([
    ['0192f0c1', `Which alert: ${FIRST}, ${SECOND}?`],
    ['019', 'give at least 4 characters'],
  ])('is asked for again when it is not clear: %s', async (given, message) => {
    await expect(find(given)).rejects.toThrow(OperatorError);
    await expect(find(given)).rejects.toThrow(message);
  });
});

describe('the list of silences', () => {
  const silence = {
    silenceId: '019af0c1-2f0a-7c3e-9b1d-5a2f6f1e7c11',
    matchers: { symbol: 'A', condition: 'b' },
    until: Date.UTC(2026, 0, 1),
    reason: 'rebalancing',
    by: 'eve',
  };

  it('says what is held, from when until when, by whom and why', () => {
    expect(silenceLines([silence])).toEqual([
      '019af0c1-2f0a-7c3e-9b1d-5a2f6f1e7c11  symbol=A condition=b  from 2025-12-05T23:03:03.690Z  until 2026-01-01T00:00:00.000Z  by eve  rebalancing',
    ]);
    const later = { ...silence, matchers: ['symbol=~B.*'], startsAt: Date.UTC(2025, 11, 31) };
    expect(silenceLines([later])[0]).toContain('  symbol=~B.*  from 2025-12-31T00:00:00.000Z  ');
  });

  it('says that there is none', () => {
    expect(silenceLines([])).toEqual(['none']);
  });
});
