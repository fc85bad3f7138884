import { writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { WatchedProcess, freePort } from '@opensqt/event-log/testing';
import type { Overview } from '@opensqt/observability/console-api';
import { eventually } from '@opensqt/trading-events/testing';
import { inTemporaryFolder } from '../temporary-folder';

const MAIN = join(__dirname, '../../../apps/market-maker/dist/main.js');
/** Of the run alone, which ends with the command. */
export const PAGE_TOKEN = 'of-this-run-alone';
const LOOK_EACH_MS = 250;
const MAX_WAIT_MS = 600_000;

/** A market maker whose page is looked at. */
export interface PageRun {
  /** The page's address. */
  readonly url: string;
  readonly pid: number;
  /** Reads a part of the API. */
  read<Answer>(path: string): Promise<Answer>;
  /** Waits until the overview is like that. */
  until(what: string, condition: (overview: Overview) => boolean): Promise<Overview>;
}

/**
 * Starts the default run, faster and with two channels, of which Discord refuses every message, and ends it after the work.
 *
 * @param exchange what is different of the market, such as its speed
 */
export async function withPageRun<Result>(
  exchange: Readonly<Record<string, unknown>>,
  work: (run: PageRun) => Promise<Result>,
): Promise<Result> {
  const receiver = createServer((request, response) => {
    const accepts = request.url === '/slack';
    request.resume().on('end', () => response.writeHead(accepts ? 200 : 404).end(accepts ? 'ok' : ''));
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  try {
    return await inTemporaryFolder(async (folder) => {
      const port = await freePort();
      const configuration = {
        name: 'mm-btc-1',
        server: { port, token: PAGE_TOKEN },
        exchange,
        ...channels(receiver),
      };
      const file = join(folder, 'config.yaml');
      writeFileSync(file, JSON.stringify(configuration)); // YAML includes JSON
      const bot = new WatchedProcess([MAIN, '--config', file], { cwd: folder });
      try {
        return await work(await pageOf(bot, port));
      } finally {
        await bot.end('SIGTERM');
      }
    });
  } finally {
    receiver.closeAllConnections();
    receiver.close();
  }
}

function channels(receiver: Server): object {
  const { port } = receiver.address() as AddressInfo;
  const webhook = (name: string) => ({ enabled: true, webhook_url: `http://127.0.0.1:${port}/${name}` });
  return { alerts: { slack: webhook('slack'), discord: webhook('discord') } };
}

async function pageOf(bot: WatchedProcess, port: number): Promise<PageRun> {
  const url = `http://127.0.0.1:${port}/`;
  const read = async <Answer>(path: string): Promise<Answer> =>
    (await (await fetch(`${url}api/v1/${path}`)).json()) as Answer;
  await bot.eventually(async () => (await fetch(url).catch(() => undefined))?.ok === true, {
    what: 'the page is served',
  });
  return {
    url,
    pid: bot.pid ?? 0,
    read,
    async until(what, condition) {
      let overview = await read<Overview>('overview');
      const isSo = async () => {
        await delay(LOOK_EACH_MS);
        overview = await read<Overview>('overview');
        return condition(overview);
      };
      await eventually(isSo, {
        what,
        within: MAX_WAIT_MS,
        showing: () => JSON.stringify(overview.verdict),
      });
      return overview;
    },
  };
}
