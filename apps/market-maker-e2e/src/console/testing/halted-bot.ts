import { mkdirSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openSqliteEventLog } from '@opensqt/event-log';
import type { EventsPage, RecordView } from '@opensqt/observability/console-api';
import { type EventType, createEvent } from '@opensqt/trading-events';
import { type MarketMakerProcess, Workplace } from '../../testing/market-maker-process';
import { recordingOfAFall } from '../../testing/synthetic-recording';

/** The operator's token. */
export const TOKEN = 'of-the-desk-alone';
const BEFORE = Date.UTC(2024, 2, 13);
const SYMBOLS = ['AAAEUR', 'BBBEUR'];

/**
 * A market maker that a fall has halted: its breakers stay open. Slack accepts what it is sent; Discord refuses it until
 * `discordAccepts`. Another bot has written to the log before.
 */
export class HaltedBot {
  discordAccepts = false;
  /** Texts that a channel accepted. */
  readonly accepted: { readonly channel: string; readonly text: string }[] = [];
  private readonly workplace = new Workplace();
  private readonly providers: Server;
  private marketMaker: MarketMakerProcess | undefined;

  private constructor() {
    this.providers = createServer((request, response) => {
      void request
        .setEncoding('utf8')
        .toArray()
        .then((parts) => {
          const channel = request.url === '/slack' ? 'slack' : 'discord';
          const accepts = channel === 'slack' || this.discordAccepts;
          if (accepts) this.accepted.push({ channel, text: parts.join('') });
          response.writeHead(accepts ? 200 : 404).end(accepts ? 'ok' : '');
        });
    });
  }

  /** Resolves once every breaker is open. */
  static async start(): Promise<HaltedBot> {
    const bot = new HaltedBot();
    await bot.begin();
    return bot;
  }

  get url(): string {
    return `http://127.0.0.1:${this.marketMaker?.port}/`;
  }

  /** Reads a part of the API. */
  async read<Answer>(path: string): Promise<Answer> {
    return (await (await fetch(`${this.url}api/v1/${path}`)).json()) as Answer;
  }

  /** Everything on the log, or all of one type. */
  async records(type?: EventType): Promise<readonly RecordView[]> {
    const records: RecordView[] = [];
    for (let after: number | null = 0; after !== null;) {
      const query: string = `limit=500&after=${after}${type === undefined ? '' : `&type=${type}`}`;
      const page: EventsPage = await this.read(`events?${query}`);
      records.push(...page.records);
      after = page.newer;
    }
    return records;
  }

  async close(): Promise<void> {
    await this.workplace.clear();
    this.providers.closeAllConnections();
    this.providers.close();
  }

  private async begin(): Promise<void> {
    await new Promise<void>((resolve) => this.providers.listen(0, '127.0.0.1', resolve));
    await this.anotherBotWrites();
    const path = this.workplace.write('fall.csv', recordingOfAFall(20_000));
    this.marketMaker = await this.workplace.start({
      server: { tokens: [{ name: 'desk', token: TOKEN, role: 'operate' }] },
      exchange: { source: 'recording', speed: 60 },
      recording: SYMBOLS.map((symbol) => ({ symbol, path })),
      risk: { cooldown: '365d', max_drawdown: '200' },
      alerts: { slack: this.channel('slack'), discord: this.channel('discord') },
    });
    for (const words of [...SYMBOLS.map((symbol) => `tripped: ${symbol}`), 'Alert channel broken: discord'])
      await this.marketMaker.printed(words);
  }

  private async anotherBotWrites(): Promise<void> {
    mkdirSync(this.workplace.path('data'));
    const log = await openSqliteEventLog({ path: this.workplace.path('data/events.db'), bot: 'another' });
    const reconnected = { exchange: 'elsewhere', stream: 'market', downtimeMs: 1_000, attempts: 1 } as const;
    await log.append([createEvent('exchange.reconnected', reconnected, { occurredAt: BEFORE })]);
    await log.close();
  }

  private channel(name: string): object {
    const { port } = this.providers.address() as AddressInfo;
    return { enabled: true, webhook_url: `http://127.0.0.1:${port}/${name}` };
  }
}
