import type { EventLog } from '../../event-log';
import { describeAppending } from './appending.contract';
import { describeConsumers } from './consumers.contract';
import type { EventLogBackend } from './event-log-backend';
import { describeIdentity } from './identity.contract';
import { describeLeases } from './leases.contract';
import { describeSubscribing } from './subscribing.contract';

/**
 * The behaviour of every backend, as the port promises it.
 *
 * @example
 * describeEventLogContract('memory', { open: async (options) => new MemoryEventLog(options) });
 */
export function describeEventLogContract(name: string, backend: EventLogBackend): void {
  describe(`the event log's contract: ${name}`, () => {
    const opened = new Set<EventLog>();
    const tracked: EventLogBackend = {
      open: async (options) => {
        const log = await backend.open(options);
        opened.add(log);
        return log;
      },
      ...(backend.reopen && {
        reopen: async (log, options) => {
          const again = await backend.reopen?.(log, options);
          if (again === undefined) throw new Error(`${name} did not open again`);
          opened.add(again);
          return again;
        },
      }),
      ...(backend.share && {
        share: async (log, options) => {
          const other = await backend.share?.(log, options);
          if (other === undefined) throw new Error(`${name} was not shared`);
          opened.add(other);
          return other;
        },
      }),
    };

    afterEach(async () => {
      for (const log of opened) await log.close();
      opened.clear();
    });

    describeAppending(tracked);
    describeSubscribing(tracked);
    describeConsumers(tracked);
    describeLeases(tracked);
    describeIdentity(tracked);
  });
}
