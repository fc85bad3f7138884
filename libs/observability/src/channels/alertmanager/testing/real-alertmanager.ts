import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { eventually } from '@opensqt/trading-events/testing';

/** An alert as Alertmanager shows it. */
export interface ShownAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
}

/** Debian's Alertmanager, as a process on loopback with a folder of the test's. */
export class RealAlertmanager {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  static async start(folder: string): Promise<RealAlertmanager> {
    const probe = net.createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    writeFileSync(join(folder, 'config.yml'), 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n');
    const alertmanager = new RealAlertmanager(folder, port);
    await alertmanager.restart();
    return alertmanager;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Ends it, and starts it again on the same port. */
  async restart({ withoutData = false }: { readonly withoutData?: boolean } = {}): Promise<void> {
    await this.stop();
    if (withoutData) rmSync(join(this.folder, 'data'), { recursive: true, force: true });
    this.child = spawn(
      'prometheus-alertmanager',
      [
        `--config.file=${join(this.folder, 'config.yml')}`,
        `--storage.path=${join(this.folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${this.port}`,
        '--cluster.listen-address=',
      ],
      { stdio: 'ignore' },
    );
    await eventually(() => this.isReady(), { what: 'Alertmanager is ready' });
  }

  async stop(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  }

  /** Its alerts that have not ended. */
  async active(): Promise<readonly ShownAlert[]> {
    const response = await fetch(`${this.url}/api/v2/alerts?active=true`);
    return (await response.json()) as ShownAlert[];
  }

  private async isReady(): Promise<boolean> {
    return (await fetch(`${this.url}/-/ready`).catch(() => undefined))?.ok ?? false;
  }
}
