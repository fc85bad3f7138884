import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRandom } from '@opensqt/trading-events';
import type { Flaky } from './come-and-go';
import { FlakyAlertmanager } from './flaky-alertmanager';
import { FlakyMailServer } from './flaky-mail-server';
import { type Arrival, FlakyProvider } from './flaky-provider';
import { FlakyProxy } from './flaky-proxy';
import { type Ports, WEB_PROVIDERS } from './providers';

/** All who are notified in a soak, and the proxy before some of them. */
export class Flakies {
  private constructor(
    /** The messages received, in their order. */
    readonly arrivals: readonly Arrival[],
    readonly alertmanager: FlakyAlertmanager,
    private readonly all: readonly (Flaky & { readonly port: number })[],
  ) {}

  /** @param folder for what they keep */
  static async start(seed: string, folder: string): Promise<Flakies> {
    const arrivals: Arrival[] = [];
    const random = (name: string) => seededRandom(`${name}:${seed}`);
    const alertmanager = await FlakyAlertmanager.start(
      random('alertmanager'),
      await mkdtemp(join(folder, 'alertmanager-')),
    );
    const others = await Promise.all([
      ...WEB_PROVIDERS.map((name) => new FlakyProvider(name, random(name), arrivals).start()),
      new FlakyMailServer(random('email'), arrivals).start(),
      new FlakyProxy(random('proxy')).start(),
    ]);
    return new Flakies(arrivals, alertmanager, [...others, alertmanager]);
  }

  get ports(): Ports {
    return Object.fromEntries(this.all.map(({ name, port }) => [name, port])) as Ports;
  }

  get moods(): Readonly<Record<string, Flaky['moods']>> {
    return Object.fromEntries(this.all.map(({ name, moods }) => [name, moods]));
  }

  async heal(): Promise<void> {
    await Promise.all(this.all.map((flaky) => flaky.heal()));
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((flaky) => flaky.close()));
  }
}
