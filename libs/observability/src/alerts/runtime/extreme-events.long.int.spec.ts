import { EVENT_TYPES } from '@opensqt/trading-events';
import { expectCriticalToArriveAfter } from './testing/extreme-events.contract';

describe('a CRITICAL alert in the whole module', () => {
  it.each(EVENT_TYPES.map((type) => ({ type })))(
    'arrives after extreme events of $type alone, and once it is started again on their log',
    async ({ type }) => {
      await expectCriticalToArriveAfter([type]);
    },
  );
});
