import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@opensqt/event-log/testing';
import type { Random } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { type Server, run, startAlertmanager } from '../deploy/programs';
import { Counts, type Flaky, comeAndGo } from './come-and-go';

export interface ShownAlert {
  readonly labels: Readonly<Record<string, string>>;
}

/** A real Alertmanager that is killed and started again, with its data or emptied, until it is healed. */
export class FlakyAlertmanager implements Flaky {
  readonly name = 'alertmanager';
  private readonly done = new Counts<'killed' | 'killed_and_emptied'>();
  private readonly healed = new AbortController();
  private outages = Promise.resolve();
  private server: Server | undefined;

  private constructor(
    readonly port: number,
    private readonly folder: string,
  ) {}

  /**
   * @param folder of its own
   * @throws Unavailable (rejects) when it is not installed
   */
  static async start(random: Random, folder: string): Promise<FlakyAlertmanager> {
    await run('prometheus-alertmanager', ['--version']);
    const alertmanager = new FlakyAlertmanager(await freePort(), folder);
    await writeFile(
      alertmanager.configuration,
      'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n',
    );
    await alertmanager.begin();
    alertmanager.outages = comeAndGo({
      random,
      healed: alertmanager.healed.signal,
      leave: () => alertmanager.kill(random() < 0.5),
      comeBack: () => alertmanager.begin(),
    });
    alertmanager.outages.catch(() => undefined); // heal() says it
    return alertmanager;
  }

  get moods() {
    return this.done.counts;
  }

  /** Its alerts that have not ended. */
  async active(): Promise<readonly ShownAlert[]> {
    return (await (await this.get('/api/v2/alerts?active=true')).json()) as ShownAlert[];
  }

  async heal(): Promise<void> {
    this.healed.abort();
    await this.outages;
  }

  async close(): Promise<void> {
    this.healed.abort();
    await this.outages.catch(() => undefined);
    await this.server?.end();
  }

  private get configuration(): string {
    return join(this.folder, 'alertmanager.yml');
  }

  private async begin(): Promise<void> {
    const server = startAlertmanager(this.configuration, this.port, this.folder);
    this.server = server;
    const isReady = async (): Promise<boolean> => {
      server.assertRunning();
      return (await this.get('/-/ready').catch(() => undefined))?.ok ?? false;
    };
    await eventually(isReady, { what: 'Alertmanager is ready' });
  }

  private async kill(andEmpty: boolean): Promise<void> {
    this.done.add(andEmpty ? 'killed_and_emptied' : 'killed');
    await this.server?.end('SIGKILL');
    if (andEmpty) await rm(join(this.folder, 'alertmanager'), { recursive: true, force: true });
  }

  private get(path: string): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.port}${path}`);
  }
}
