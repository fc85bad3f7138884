import { EVENT_LOG } from '../../ingest/event-log';
import { createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { consoleProjection } from '../state/console.projection';
import {
  type ConsoleApplication,
  type StreamPage,
  openPage,
  startConsole,
} from '../testing/console-application';
import { OverviewService } from './overview.service';

const PAGES = 10;
const EVENTS = 40;

describe('Pages that are open at once', () => {
  let console: ConsoleApplication;
  let pages: readonly StreamPage[] = [];
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const page of pages) page.close();
    await console.close();
  });

  const count = ({ messages }: StreamPage, event: string) =>
    messages.filter((message) => message.event === event).length;
  const received = (event: string) => pages.map((page) => count(page, event));
  const sum = (counts: readonly number[]) => counts.reduce((total, one) => total + one, 0);

  it('share one fold of each event and one look at the state, and read nothing from the log', async () => {
    const folded = jest.spyOn(consoleProjection, 'evolve');
    console = await startConsole();
    const log = console.app.get(EVENT_LOG);
    const looked = jest.spyOn(OverviewService.prototype, 'now');
    pages = Array.from({ length: PAGES }, () => openPage(`${console.url}/api/v1/stream`));
    await eventually(() => expect(Math.min(...received('overview'))).toBeGreaterThan(0));
    const [read, subscribed] = [jest.spyOn(log, 'read'), jest.spyOn(log, 'subscribe')];
    folded.mockClear();

    for (let n = 0; n < EVENTS; n++)
      console.emit(
        createEvent('symbol.started', { symbol: `S${n}EUR`, exchange: 'paper', strategy: 'grid' }),
      );
    await eventually(() => expect(Math.min(...received('records'))).toBeGreaterThan(0), { within: 20_000 });
    // A look for each message would be as many as there are messages; a page that opens between two looks misses the one before.
    await eventually(() =>
      expect(sum(received('overview'))).toBeGreaterThan((PAGES / 2) * looked.mock.calls.length),
    );
    expect(folded).toHaveBeenCalledTimes(EVENTS);
    expect(read).not.toHaveBeenCalled();
    expect(subscribed).not.toHaveBeenCalled();
  });
});
