import { Test, type TestingModule } from '@nestjs/testing';
import { AlertLevel } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { register } from 'prom-client';
import { ObservabilityModule } from '../../observability.module';
import { AlertService } from './alert.service';

const alert = { level: AlertLevel.Warning, title: 'Funding is late', message: 'No payment since 08:00.' };
const silence = { matchers: { symbol: 'A' }, until: Date.UTC(2100, 0, 1), reason: 'work', by: 'eve' };

/** The service as JavaScript sees it, which no compiler checks. */
interface Unchecked {
  raise(...given: readonly unknown[]): Promise<{ readonly id: string; readonly title: string }>;
  silence(...given: readonly unknown[]): Promise<string>;
  acknowledge(...given: readonly unknown[]): Promise<{ readonly id: string }>;
  resolve(...given: readonly unknown[]): Promise<{ readonly id: string; readonly status: string }>;
  endSilence(...given: readonly unknown[]): Promise<void>;
  resend(...given: readonly unknown[]): Promise<string>;
}

describe('what code asks of the alerts', () => {
  let testing: TestingModule;
  let alerts: Unchecked;
  let service: AlertService;

  beforeAll(async () => {
    register.clear();
    testing = await Test.createTestingModule({ imports: [ObservabilityModule.forRoot({})] }).compile();
    testing.useLogger(false);
    await testing.init();
    service = testing.get(AlertService);
    alerts = service as unknown as Unchecked;
  });
  afterAll(() => testing.close());

  it.each<[unknown, readonly string[]]>([
    [undefined, ['The request needs an object with options.']],
    [{ ...alert, level: 'LOUD' }, ["level must be one of INFO, WARNING, ERROR, CRITICAL, found 'LOUD'."]],
    [{ ...alert, level: 'critical' }, ["found 'critical'. Did you mean CRITICAL?"]],
    [
      { level: 'ERROR', title: 'x', mesage: 'y' },
      ['message must be a text.', 'There is no mesage in this request. Did you mean message?'],
    ],
    [
      { ...alert, title: ' ', labels: { n: 5 }, fields: { Count: 3 } },
      ['title must not be blank.', 'labels.n must be a text.', 'fields.Count must be a text.'],
    ],
    [
      { ...alert, condition: 'a "name"', oneOff: 'yes' },
      ['condition must be', 'oneOff must be true or false.'],
    ],
  ])('is refused as the alert %j, with everything that is wrong', async (given, sentences) => {
    const refused = await alerts.raise(given).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: 'AlertError', code: 'INVALID_REQUEST' });
    for (const sentence of sentences) expect(String(refused)).toContain(sentence);
    expect(service.active()).toEqual([]);
  });

  it.each<[unknown, readonly string[]]>([
    [
      { ...silence, matchers: undefined, matcher: { symbol: 'A' } },
      ['matchers must be', 'There is no matcher in this request. Did you mean matchers?'],
    ],
    [
      { ...silence, matchers: ['a=~(', 'b', 'symbol=A'], by: ' ' },
      ["'(' is no regular expression", "'b' is no matcher", 'by must be a text'],
    ],
    [{ ...silence, until: 'soon', reason: 1 }, ['until must be', 'reason must be a text']],
    [{ ...silence, until: 1 }, ['A silence needs an end in the future']],
  ])('is refused as the silence %j, with everything that is wrong', async (given, sentences) => {
    const refused = await alerts.silence(given).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: 'AlertError', code: 'INVALID_SILENCE' });
    for (const sentence of sentences) expect(String(refused)).toContain(sentence);
  });

  it('is refused without an id or a name', async () => {
    const refused = { name: 'AlertError', code: 'INVALID_REQUEST' };
    await expect(alerts.acknowledge(undefined, '')).rejects.toMatchObject(refused);
    await expect(alerts.resolve('x', 5)).rejects.toMatchObject(refused);
    await expect(alerts.endSilence('x')).rejects.toMatchObject(refused);
    await expect(alerts.resend(null)).rejects.toMatchObject(refused);
  });

  it('names alerts and silences by the beginning of their ids', async () => {
    const { id, title } = await alerts.raise({ ...alert, labels: undefined, fields: undefined });
    await expect(alerts.acknowledge(id.slice(0, 8), 'eve')).resolves.toMatchObject({ id });
    await expect(alerts.resolve(id.slice(0, 3))).rejects.toMatchObject({ code: 'AMBIGUOUS_ID' });
    await expect(alerts.resolve(id.slice(0, 8), 'hedged')).resolves.toMatchObject({
      status: 'resolved',
      title,
    });
    await expect(alerts.resolve(id.slice(0, 8))).rejects.toMatchObject({ code: 'UNKNOWN_ALERT' });
    const silenceId = await alerts.silence(silence);
    await alerts.endSilence(silenceId.slice(0, 13), 'eve');
    expect(service.silences()).toEqual([]);
  });
});

describe('what is asked of the alerts before the market begins', () => {
  it('is recorded, and delivered', async () => {
    register.clear();
    const testing = await Test.createTestingModule({
      imports: [ObservabilityModule.forRoot({ clock: { now: () => 0 } })],
    }).compile();
    testing.useLogger(false);
    await testing.init();
    const service = testing.get(AlertService);
    try {
      const { id } = await service.raise(alert);
      await service.silence(silence);
      await eventually(() => expect(service.channelHealth().pending).toBe(0));
      expect(service.active()).toMatchObject([{ id, title: alert.title }]);
      expect(service.silences()).toHaveLength(1);
      expect(service.deadLetters()).toEqual([]);
    } finally {
      await testing.close();
    }
  });
});
