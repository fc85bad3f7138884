import { EVENT_TYPES } from '@opensqt/trading-events';
import { expectCriticalToArriveAfter } from './testing/extreme-events.contract';

describe('a CRITICAL alert in the whole module', () => {
  it('arrives after extreme events of every type, and once it is started again on their log', async () => {
    await expectCriticalToArriveAfter(EVENT_TYPES);
  });
});
