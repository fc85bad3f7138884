import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { WatchedProcess, sourceArguments } from '@opensqt/event-log/testing';
import type { ObservabilityOptions } from '@opensqt/observability';
import type { Order } from './attacked-host';

const HOST = resolve(__dirname, 'attacked-host.ts');

/** An application that is attacked from within, in a process whose heap and descriptors are limited. */
export class AttackedProcess extends WatchedProcess {
  url = '';

  static async start(options: ObservabilityOptions): Promise<AttackedProcess> {
    const started = new AttackedProcess(sourceArguments(HOST, [JSON.stringify(options)]), {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { NODE_OPTIONS: '--max-old-space-size=256' },
    });
    started.url = String(await started.message());
    limitDescriptors(started);
    return started;
  }

  /** Has it emit an attack; resolves when all of it is emitted. */
  async order(order: Order): Promise<{ readonly thrown: number; readonly open: number }> {
    this.child.send(order);
    return (await this.message()) as { thrown: number; open: number };
  }
}

/** Allows the process 200 descriptors. */
export function limitDescriptors({ pid }: WatchedProcess): void {
  execFileSync('prlimit', ['--nofile=200:200', '--pid', String(pid)]);
}

/** The most memory that it has had, in MB. */
export function peakMemory({ pid }: WatchedProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
}
