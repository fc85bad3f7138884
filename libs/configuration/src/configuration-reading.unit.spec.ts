import type { Violation } from '@opensqt/trading-events/options';
import type { Configuration } from './configuration-schema';
import { type Surroundings, readConfiguration } from './configuration-reading';

const read = (source: string, surroundings: Partial<Surroundings> = {}) =>
  readConfiguration(source, { env: {}, unreadable: () => undefined, ...surroundings });

function accepted(source: string, surroundings?: Partial<Surroundings>): Configuration {
  const reading = read(source, surroundings);
  if (!reading.ok) throw new Error(JSON.stringify(reading.violations));
  return reading.configuration;
}

function refused(source: string, surroundings?: Partial<Surroundings>): readonly Violation[] {
  const reading = read(source, surroundings);
  return reading.ok ? [] : reading.violations;
}

describe('defaults', () => {
  it('are the default run for an empty file', () => {
    const configuration = accepted('');
    expect(configuration.name).toBe('opensqt');
    expect(configuration.server).toEqual({
      allowedHosts: [],
      host: '127.0.0.1',
      port: 8080,
      public: ['health'],
      tokens: [],
      trustedProxies: [],
    });
    expect(configuration.telemetry).toEqual({
      defaultMetrics: true,
      metricsEnabled: true,
      metricsHost: '127.0.0.1',
      openTelemetry: true,
      otlp: { compression: 'none', environment: true, interval: 30_000, timeout: 10_000 },
      staleAfter: 300_000,
    });
    expect(configuration.eventLog).toEqual({
      kind: 'sqlite',
      path: 'data/events.db',
      retention: {},
      sampleInterval: 10_000,
      schema: 'opensqt',
      snapshotEvents: 50_000,
      snapshotHistory: 250_000,
      snapshotInterval: 30_000,
    });
    expect(configuration.exchange).toMatchObject({ source: 'simulated', speed: 60, latency: 20 });
    expect(configuration.symbols.map(({ symbol }) => symbol)).toEqual(['BTCUSDT', 'ETHUSDT']);
    expect(configuration.alerts).toMatchObject({
      enabled: true,
      largeExecution: { threshold: '10000' },
      exchangeDisconnect: { persistentAfter: 60_000 },
      repeatInterval: 14_400_000,
      burst: 10,
      groupWindow: 60_000,
      retry: { longestBackoff: 300_000, longestPause: 3_600_000 },
      heartbeat: { method: 'GET', interval: 60_000, timeout: 10_000 },
      summary: { timezone: 'UTC' },
      routes: [],
      slack: { enabled: false, minLevel: 'INFO', apiRoot: 'https://slack.com/api' },
      telegram: { enabled: false, minLevel: 'INFO', apiRoot: 'https://api.telegram.org' },
      webhook: { enabled: false, minLevel: 'INFO' },
      pagerduty: { enabled: false, minLevel: 'ERROR', apiRoot: 'https://events.pagerduty.com' },
      discord: { enabled: false, minLevel: 'INFO' },
      alertmanager: { enabled: false, urls: [], endsAfter: 300_000, minLevel: 'WARNING', timeout: 30_000 },
      email: { enabled: false, secure: 'starttls', to: [], minLevel: 'INFO' },
    });
  });

  it('leave out what is optional and absent', () => {
    const { server, telemetry, alerts, symbols } = accepted('');
    expect(Object.keys(server)).not.toContain('token');
    expect(Object.keys(telemetry)).not.toContain('metricsPort');
    expect(Object.keys(alerts.slack)).not.toContain('webhookUrl');
    expect(Object.keys(symbols[0] ?? {})).toEqual(['symbol', 'strategy']);
  });

  it('stand in for sections and keys without a value', () => {
    expect(accepted('server:\nalerts:\n  slack:\n    enabled:\nsymbols:\nrecording:\n')).toEqual(
      accepted(''),
    );
  });

  it('trade the recorded symbols, each once', () => {
    const source = `
exchange: { source: recording }
recording: [{ symbol: BTCEUR, path: a.csv }, { symbol: ETHEUR, path: b.csv }, { symbol: BTCEUR, path: c.csv }]`;
    expect(accepted(source).symbols.map(({ symbol }) => symbol)).toEqual(['BTCEUR', 'ETHEUR']);
  });
});

describe('values', () => {
  it.each([
    ['telemetry: { stale_after: 250ms }', 250],
    ['telemetry: { stale_after: 1.5m }', 90_000],
    ['telemetry: { stale_after: 1d }', 86_400_000],
  ])('reads the duration in %s', (source, milliseconds) => {
    expect(accepted(source).telemetry.staleAfter).toBe(milliseconds);
  });

  it.each([
    ['threshold: 2500', '2500'],
    ['threshold: 0.0000001', '0.0000001'],
    ['threshold: "123456789012345678901234567890.123456789"', '123456789012345678901234567890.123456789'],
    ['threshold: "010.50"', '10.5'],
  ])('keeps the amount of %s exact', (line, amount) => {
    expect(accepted(`alerts:\n  large_execution:\n    ${line}`).alerts.largeExecution.threshold).toBe(amount);
  });

  it.each([['-1001234567890'], ['"-1001234567890"'], ["'@trading'"]])('takes %s as a chat', (written) => {
    const { telegram } = accepted(`alerts: { telegram: { chat_id: ${written} } }`).alerts;
    expect(telegram.chatId).toBe(written.replaceAll(/['"]/g, ''));
  });

  it('takes max and numbers as speed', () => {
    expect(accepted('exchange: { speed: max }').exchange.speed).toBe('max');
    expect(accepted('exchange: { speed: 0.5 }').exchange.speed).toBe(0.5);
  });
});

describe('environment variables', () => {
  it('are replaced wherever text, numbers or flags belong', () => {
    const env = { PORT: '9000', ON: 'true', HOST: 'hooks.example', THRESHOLD: '12.5', WAIT: '90s' };
    const configuration = accepted(
      `
server:
  port: \${PORT}
alerts:
  large_execution: { threshold: '\${THRESHOLD}' }
  exchange_disconnect: { persistent_after: '\${WAIT}' }
  slack:
    enabled: \${ON}
    webhook_url: https://\${HOST}/services/T/B`,
      { env },
    );
    expect(configuration.server.port).toBe(9000);
    expect(configuration.alerts).toMatchObject({
      largeExecution: { threshold: '12.5' },
      exchangeDisconnect: { persistentAfter: 90_000 },
      slack: { enabled: true, webhookUrl: 'https://hooks.example/services/T/B' },
    });
  });

  it('cannot change what the file says around them', () => {
    const env = { TOKEN: 'a: b\n- "x" # {y}\n' };
    const [violation] = refused('server:\n  token: ${TOKEN}', { env });
    expect(violation).toMatchObject({ path: 'server.token', found: 'the value of ${TOKEN} (hidden)' });
    expect(accepted('server:\n  token: ${TOKEN}', { env: { TOKEN: '"#:{' } }).server.token).toBe('"#:{');
  });

  it('are not looked for behind a second $', () => {
    expect(accepted('server:\n  token: a$${B}c').server.token).toBe('a${B}c');
  });

  it.each([
    ['server:\n  token: ${ABSENT}', 'server.token', '${ABSENT}, which is not set'],
    ['server:\n  token: ${A B}', 'server.token', 'a ${…} that is not the name of a variable'],
    ['server:\n  token: ${HALF', 'server.token', '"${" without its "}"'],
    ['recording:\n  - { symbol: A, path: "${ABSENT}" }', 'recording[0].path', '${ABSENT}, which is not set'],
  ])('are told when they are missing or malformed: %j', (source, path, found) => {
    expect(refused(source)).toEqual([expect.objectContaining({ path, found, line: 2 })]);
  });
});

describe('sections', () => {
  it("keep the names of the webhook's headers as they are", () => {
    const source = 'alerts: { webhook: { url: "https://a.example", headers: { x_api_key: k, X-Desk: d } } }';
    expect(accepted(source).alerts.webhook).toEqual({
      enabled: false,
      minLevel: 'INFO',
      timeout: 30_000,
      url: 'https://a.example',
      headers: { x_api_key: 'k', 'X-Desk': 'd' },
    });
  });

  it("put a /metrics of its own on the server's host", () => {
    const source = 'server: { host: "::1" }\ntelemetry: { metrics_port: 9090 }';
    expect(accepted(source).telemetry).toMatchObject({ metricsPort: 9090, metricsHost: '::1' });
    expect(refused('telemetry: { metrics_host: "::1" }')).toMatchObject([{ path: 'telemetry.metrics_host' }]);
  });

  it('are options of the market maker and of the observability module as they are', () => {
    const source = `
exchange: { latency: 5ms, maker_fee: "-0.0001", when_finished: exit, start_at: 2026-02-01T00:00:00Z }
event_log: { retention: { max_age: 30d, max_size: 1.5GiB, archive_path: old } }
symbols: [{ symbol: A, tick_size: "0.5", strategy: { order_notional: 100 } }]
risk: { max_position: 1000, cooldown: 2m }`;
    expect(accepted(source)).toMatchObject({
      exchange: { latency: 5, makerFee: '-0.0001', whenFinished: 'exit', startAt: Date.UTC(2026, 1, 1) },
      eventLog: { retention: { maxAge: 30 * 86_400_000, maxSize: 1.5 * 1024 ** 3, archivePath: 'old' } },
      symbols: [{ symbol: 'A', tickSize: '0.5', strategy: { orderNotional: '100' } }],
      risk: { maxPosition: '1000', cooldown: 120_000 },
    });
  });
});

describe('violations', () => {
  const eve = (other: object = {}): string =>
    JSON.stringify({ name: 'eve', token: 't', role: 'read', ...other });
  it.each([
    ['server: { port: http }', 'server.port', '"http"', 'a whole number from 0 up to 65535'],
    ['server: { port: 65536 }', 'server.port', '65536', 'a whole number from 0 up to 65535'],
    ['server: { host: "" }', 'server.host', '""', 'a host name'],
    ['server: 8080', 'server', 'a number', 'a section'],
    ['[]', '', 'a list', 'a section'],
    ['symbols: BTCUSDT', 'symbols', 'text', 'a list'],
    ['symbols: []', 'symbols', 'an empty list', 'at least one symbol'],
    ['symbols: [BTCUSDT]', 'symbols[0]', 'text', 'a section'],
    ['symbols: [{ strategy: { levels: 2 } }]', 'symbols[0].symbol', 'nothing', 'a symbol such as BTCUSDT'],
    ['symbols: [{ symbol: global }]', 'symbols[0].symbol', '"global"', 'not the word global'],
    ['symbols: [{ symbol: A }, { symbol: A }]', 'symbols[1].symbol', 'A a second time', 'each symbol once'],
    [
      `server: { tokens: [${eve()}, ${eve({ token: 'u' })}] }`,
      'server.tokens[1].name',
      'eve a second',
      'once',
    ],
    [
      `server: { tokens: [${eve()}, ${eve({ name: 'a' })}] }`,
      'server.tokens[1].token',
      'of another',
      'its own',
    ],
    [
      `server: { token: t, tokens: [${eve({ name: 'token', token: 'u' })}] }`,
      'server.tokens[0].name',
      'token a',
      'the token',
    ],
    [`server: { token: t, tokens: [${eve()}] }`, 'server.tokens[0].token', 'of another name', 'its own'],
    [
      `server: { tokens: [${eve({ name: 'cooldown' })}] }`,
      'server.tokens[0].name',
      '"cooldown"',
      'other than',
    ],
    [
      `server: { tokens: [${eve({ role: 'write' })}] }`,
      'server.tokens[0].role',
      '"write"',
      'one of read, operate',
    ],
    ['server: { public: [everything] }', 'server.public[0]', '"everything"', 'one of health, metrics'],
    ['server: { trusted_proxies: [nginx] }', 'server.trusted_proxies[0]', '"nginx"', 'an IP address'],
    ['server: { trusted_proxies: ["10.0.0.0/33"] }', 'server.trusted_proxies[0]', '"10.0.0.0/33"', 'a range'],
    ['server: { base_path: bot/ }', 'server.base_path', '"bot/"', 'a path such as /bot'],
    ['telemetry: { metrics_enabled: yes }', 'telemetry.metrics_enabled', '"yes"', 'true or false'],
    ['telemetry: { metrics_port: 8080 }', 'telemetry.metrics_port', '8080, which is server.port', 'another'],
    ['telemetry: { stale_after: 30 }', 'telemetry.stale_after', '30', 'write 30s for seconds or 30ms'],
    ['telemetry: { stale_after: 5 min }', 'telemetry.stale_after', '"5 min"', 'such as 250ms, 60s'],
    ['telemetry: { stale_after: -1s }', 'telemetry.stale_after', '"-1s"', 'a duration'],
    ['telemetry: { stale_after: 400d }', 'telemetry.stale_after', '"400d"', 'up to 365d'],
    ['event_log: { retention: { max_size: 500 } }', 'event_log.retention.max_size', '500', 'such as 500MB'],
    ['event_log: { retention: { max_size: 5kB } }', 'event_log.retention.max_size', '"5kB"', 'at least 1MB'],
    ['event_log: { kind: mysql }', 'event_log.kind', '"mysql"', 'one of memory, sqlite, postgres'],
    ['event_log: { kind: postgres }', 'event_log.url', 'nothing', 'such as ${DATABASE_URL}'],
    [
      'event_log: { kind: postgres, url: "postgres://a/b", retention: { archive_path: old } }',
      'event_log.retention.archive_path',
      'for a log of kind postgres, which has no archive',
      'no such key unless event_log.kind is sqlite',
    ],
    [
      'event_log: { kind: memory, retention: { archive_path: old } }',
      'event_log.retention.archive_path',
      'memory',
      'no such key',
    ],
    ['event_log: { url: mysql://u:p@h/d }', 'event_log.url', '(hidden)', 'postgres://user:password@host'],
    ['event_log: { schema: Log-1 }', 'event_log.schema', '"Log-1"', 'the name of a schema'],
    ['event_log: { writer: "a\\nb" }', 'event_log.writer', '"a\\nb"', 'the name of a process'],
    ['name: " mm-1"', 'name', '" mm-1"', 'no space at its ends'],
    ['name: ""', 'name', '""', 'the name of a bot'],
    [`name: ${'n'.repeat(257)}`, 'name', 'nnn', 'up to 256 characters'],
    ['name: "\\ud800"', 'name', '"', 'none of them a control character'],
    ['name: 7', 'name', '7', 'as text in quotes'],
    ['exchange: { source: live }', 'exchange.source', '"live"', 'not available yet'],
    ['exchange: { speed: 0 }', 'exchange.speed', '0', 'above 0'],
    ['exchange: { seed: 1.5 }', 'exchange.seed', '1.5', 'a whole number'],
    ['exchange: { start_at: 2026-02-30T00:00:00Z }', 'exchange.start_at', '"2026-02-30', 'a time in UTC'],
    ['exchange: { start_at: 2026-13-01T00:00:00Z }', 'exchange.start_at', '"2026-13', 'a time in UTC'],
    ['exchange: { maker_fee: 0.5 }', 'exchange.maker_fee', '0.5', '"0.001" for 0.1 %'],
    ['exchange: { when_finished: stop }', 'exchange.when_finished', '"stop"', 'one of serve, exit'],
    ['exchange: { source: recording }', 'recording', 'no recording', 'at least one entry'],
    ['risk: { max_position: -1 }', 'risk.max_position', '-1', 'a decimal above 0'],
    ['risk: { max_position: "1e4" }', 'risk.max_position', '"1e4"', 'a decimal above 0'],
    ['risk: { max_position: .nan }', 'risk.max_position', 'NaN', 'a decimal above 0'],
    ['risk: { max_position: 0.12345678901234567 }', 'risk.max_position', '0.123', 'in quotes'],
    ['alerts: { slack: { min_level: LOUD } }', 'alerts.slack.min_level', '"LOUD"', 'INFO, WARNING, ERROR'],
    ['alerts: { slack: { enabled: true } }', 'alerts.slack.webhook_url', 'nothing', 'a value while'],
    [
      'alerts: { slack: { enabled: true } }',
      'alerts.slack.webhook_url',
      'nothing',
      'or bot_token and channel',
    ],
    [
      'alerts: { slack: { enabled: true, bot_token: xoxb-1 } }',
      'alerts.slack.channel',
      'nothing',
      'the channel that the bot writes to',
    ],
    [
      'alerts: { slack: { enabled: true, bot_token: xoxb-1, channel: "#a", webhook_url: "https://a" } }',
      'alerts.slack.bot_token',
      'a token beside webhook_url',
      'one of the two',
    ],
    ['alerts: { slack: { bot_token: "a b" } }', 'alerts.slack.bot_token', '(hidden)', 'the token of a bot'],
    [
      'alerts: { telegram: { message_thread_id: 0 } }',
      'alerts.telegram.message_thread_id',
      '0',
      'whole number',
    ],
    ['alerts: { webhook: { enabled: true } }', 'alerts.webhook.url', 'nothing', 'a value while'],
    [
      'alerts: { webhook: { headers: { A: 1 } } }',
      'alerts.webhook.headers',
      '(hidden)',
      'names of HTTP headers',
    ],
    [
      'alerts: { webhook: { headers: { "A B": c } } }',
      'alerts.webhook.headers',
      '(hidden)',
      'names of HTTP headers',
    ],
    ['alerts: { pagerduty: { enabled: true } }', 'alerts.pagerduty.routing_key', 'nothing', 'a value while'],
    ['alerts: { discord: { enabled: true } }', 'alerts.discord.webhook_url', 'nothing', 'a value while'],
    ['alerts: { alertmanager: { enabled: true } }', 'alerts.alertmanager.urls', 'nothing', 'a value while'],
    [
      'alerts: { alertmanager: { urls: [ftp://a] } }',
      'alerts.alertmanager.urls[0]',
      '(hidden)',
      'http or https',
    ],
    ['alerts: { alertmanager: { ends_after: 5s } }', 'alerts.alertmanager.ends_after', '"5s"', 'of at least'],
    [
      'alerts: { email: { enabled: true, host: a, from: a@b } }',
      'alerts.email.to',
      'nothing',
      'a value while',
    ],
    ['alerts: { email: { to: ["a@b, c@d"] } }', 'alerts.email.to[0]', '(hidden)', 'an address such as'],
    ['alerts: { email: { secure: true } }', 'alerts.email.secure', 'true', 'starttls, tls, none'],
    ['alerts: { telegram: { api_root: ftp://a } }', 'alerts.telegram.api_root', '(hidden)', 'http or https'],
    ['serverr: {}', 'serverr', 'an unknown key', 'did you mean server?'],
    [
      'alerts: { slack: { webhookUrl: x } }',
      'alerts.slack.webhookUrl',
      'an unknown key',
      'mean webhook_url?',
    ],
    ['bot_token: x', 'bot_token', 'an unknown key', 'bot_token belongs in alerts.slack or alerts.telegram'],
    ['alert:', 'alert', 'an unknown key', 'did you mean alerts?'],
    ['__proto__: { port: 1 }', '__proto__', 'an unknown key', 'server, console'],
  ])('%s', (source, path, found, allowed) => {
    expect(refused(source)).toMatchObject([
      { path, found: expect.stringContaining(found), allowed: expect.stringContaining(allowed) },
    ]);
  });

  it('name a traded symbol that has no recording', () => {
    const source = `
exchange: { source: recording }
recording: [{ symbol: BTCEUR, path: a.csv }]
symbols: [{ symbol: BTCEUR }, { symbol: XRPEUR }]`;
    expect(refused(source)).toMatchObject([
      { path: 'symbols[1].symbol', found: expect.stringContaining('XRPEUR') },
    ]);
  });

  it('name every recording that cannot be read, if recordings are used', () => {
    const recordings = 'recording: [{ symbol: A/X, path: a.csv }, { symbol: B/X, path: b.csv }]';
    const unreadable = () => 'a file that does not exist';
    expect(refused(recordings, { unreadable })).toEqual([]);
    expect(refused(`exchange: { source: recording }\n${recordings}`, { unreadable })).toMatchObject([
      { path: 'recording[0].path', found: '"a.csv", a file that does not exist', line: 2 },
      { path: 'recording[1].path', found: '"b.csv", a file that does not exist', line: 2 },
    ]);
  });

  it('are reported all at once, in the order of the file', () => {
    const source = `
server:
  port: \${PORT}
telemetry:
  stale_after: 5
exchange:
  source: recording
symbols:
  - symbol: A
  - symbol: A
alerts:
  slack:
    enabled: true
    webhook: https://hooks.example/T
  telegram:
    enabled: true
    min_level: LOUD`;
    expect(refused(source).map(({ path, line }) => [path, line])).toEqual([
      ['server.port', 3],
      ['telemetry.stale_after', 5],
      ['symbols[1].symbol', 10],
      ['alerts.slack.webhook_url', 12],
      ['alerts.slack.webhook', 14],
      ['alerts.telegram.bot_token', 15],
      ['alerts.telegram.chat_id', 15],
      ['alerts.telegram.min_level', 17],
      ['recording', undefined],
    ]);
  });
});

describe('secrets', () => {
  const SECRET = 'T0PSECRET';

  it.each([
    `alerts: { slack: { enabled: true, webhook_url: "hooks.slack.com/${SECRET}" } }`,
    `alerts: { slack: { webhook_url: "https://${SECRET} x" } }`,
    `alerts: { slack: { webhook_url: [https://a/${SECRET}] } }`,
    `alerts: { slack: "https://hooks.slack.com/${SECRET}" }`,
    `alerts: { slack: { "webhook_url https://hooks.slack.com/${SECRET}" } }`,
    `alerts: { slack: { channel: ["${SECRET}"] } }`,
    `alerts: { telegram: { bot_token: "123:${SECRET} " } }`,
    `alerts: { slack: { enabled: true, bot_token: ${SECRET} } }`,
    `alerts: { slack: { enabled: true, bot_token: ${SECRET}, webhook_url: "https://a/${SECRET}" } }`,
    `alerts: { telegram: { chat_id: "123:${SECRET}" } }`,
    `alerts: { webhook: { url: "desk.example/${SECRET}" } }`,
    `alerts: { webhook: { secret: ["${SECRET}"] } }`,
    `alerts: { webhook: { headers: { Authorization: ["Bearer ${SECRET}"] } } }`,
    `alerts: { webhook: { headers: "Bearer ${SECRET}" } }`,
    `alerts: { pagerduty: { routing_key: ["${SECRET}"] } }`,
    `alerts: { discord: { webhook_url: "discord.com/${SECRET}" } }`,
    `alerts: { alertmanager: { urls: ["user:${SECRET}@host"] } }`,
    `alerts: { email: { password: ["${SECRET}"] } }`,
    `alerts: { email: { to: ["${SECRET}"] } }`,
    `alerts: { telegram: { api_root: "user:${SECRET}@host" } }`,
    `server: { token: "${SECRET} ${SECRET}" }`,
    'server:\n  port: ${SECRET}',
    'alerts:\n  slack:\n    min_level: ${SECRET}',
    'exchange:\n  latency: ${SECRET}',
    'server: ${SECRET}',
    `alerts:\n  slack: { webhook_url: https://hooks.slack.com/${SECRET}\n`,
    `alerts:\n  slack:\n    webhook_url: "https://hooks.slack.com/${SECRET}\n`,
    `alerts:\n  slack:\n    webhook_url: @${SECRET}\n`,
    `alerts:\n  telegram: {bot_token: }${SECRET}\n`,
    `server: { token: !${SECRET} x }`,
    `server: { token: *${SECRET} }`,
  ])('are not in what is said about %j', (source) => {
    const violations = refused(source, { env: { SECRET } });
    expect(violations).not.toEqual([]);
    expect(JSON.stringify(violations)).not.toContain(SECRET);
  });
});

describe('routes of alerts', () => {
  const slack = 'slack: { enabled: true, webhook_url: "http://127.0.0.1/x" }';
  const read = (routes: string) =>
    readConfiguration(`alerts: { ${slack}, routes: ${routes} }`, { env: {}, unreadable: () => undefined });

  it('are read with their labels, hours and waiting time', () => {
    const reading = read(
      '[{ channel: slack, match: [symbol=A, condition=b], quiet_hours: "22:00-07:00 UTC", unacknowledged_after: 15m }]',
    );
    expect(reading.ok && reading.configuration.alerts.routes).toEqual([
      {
        channel: 'slack',
        match: ['symbol=A', 'condition=b'],
        quietHours: { from: '22:00', to: '07:00', timeZone: 'UTC' },
        unacknowledgedAfter: 900_000,
      },
    ]);
  });

  it.each([
    ['[{ channel: telegram }]', 'alerts.routes[0].channel'],
    ['[{ channel: slack }, { channel: slack }]', 'alerts.routes[1].channel'],
    ['[{ channel: slack, match: [symbol] }]', 'alerts.routes[0].match[0]'],
    [`[{ channel: slack, match: { condition: b, 'symbol=~': 'BTC.*' } }]`, 'alerts.routes[0].match[1]'],
    [`[{ channel: slack, match: { 'symbol!': A } }]`, 'alerts.routes[0].match[0]'],
    ['[{ channel: slack, quiet_hours: "22:00-07:00 Mars/Olympus" }]', 'alerts.routes[0].quiet_hours'],
    ['[{ channel: slack, quiet_hours: "10pm-7am UTC" }]', 'alerts.routes[0].quiet_hours'],
    ['[{ channel: slack, unacknowledged_after: 5 }]', 'alerts.routes[0].unacknowledged_after'],
  ])('are refused as %s', (routes, path) => {
    const reading = read(routes);
    expect(reading.ok ? [] : reading.violations.map((violation) => violation.path)).toEqual([path]);
  });
});

describe('what watches the watcher', () => {
  const slack = 'slack: { enabled: true, webhook_url: "https://hooks.example/s3cret" }';
  const read = (alerts: string) =>
    readConfiguration(`alerts: { ${slack}, ${alerts} }`, { env: {}, unreadable: () => undefined });

  it('is passed on as the module spells it', () => {
    const reading = read(
      'heartbeat: { url: "https://hc.example/1", fail_url: "https://hc.example/1/fail", method: POST, interval: 30s }, summary: { at: 08:00, timezone: Europe/Berlin, channels: [log, slack] }, runbook_base_url: "https://wiki.example/{condition}"',
    );
    expect(reading.ok && reading.configuration.alerts).toMatchObject({
      heartbeat: {
        url: 'https://hc.example/1',
        failUrl: 'https://hc.example/1/fail',
        method: 'POST',
        interval: 30_000,
        timeout: 10_000,
      },
      summary: { at: '08:00', timezone: 'Europe/Berlin', channels: ['log', 'slack'] },
      runbookBaseUrl: 'https://wiki.example/{condition}',
    });
  });

  it.each([
    ['heartbeat: { url: hc.example/s3cret }', 'alerts.heartbeat.url'],
    ['heartbeat: { fail_url: "https://hc.example/s3cret" }', 'alerts.heartbeat.url'],
    ['heartbeat: { method: DELETE }', 'alerts.heartbeat.method'],
    ['heartbeat: { interval: 10ms }', 'alerts.heartbeat.interval'],
    ['summary: { at: "24:00" }', 'alerts.summary.at'],
    ['summary: { at: 8 }', 'alerts.summary.at'],
    ['summary: { timezone: Mars/Olympus }', 'alerts.summary.timezone'],
    ['summary: { channels: [telegram] }', 'alerts.summary.channels[0]'],
    ['summary: { channels: [slack, slack] }', 'alerts.summary.channels[1]'],
    ['runbook_base_url: docs/runbooks', 'alerts.runbook_base_url'],
  ])('is refused as %s', (alerts, path) => {
    const reading = read(alerts);
    if (reading.ok) throw new Error('it was accepted');
    expect(reading.violations.map((violation) => violation.path)).toEqual([path]);
    expect(JSON.stringify(reading.violations)).not.toContain('s3cret');
  });
});
