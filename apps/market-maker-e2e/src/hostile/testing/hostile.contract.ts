import { startProviderServer } from '@opensqt/observability/testing';
import { freePort } from '@opensqt/event-log/testing';
import { Workplace } from '../../testing/market-maker-process';
import { AttackedProcess, limitDescriptors, peakMemory } from './attacked-process';
import { answerOf, httpAttacks, sendMalformed } from './http-attacks';
import { UNSHOWABLE } from './values';

const TOKEN = 'a-token-for-operators';
const MAX_ANSWER = 20_000_000;

/** The operator's test message, which leaves through the channel. */
async function testMessage(origin: string): Promise<unknown> {
  const answer = await fetch(`${origin}/alerts/test`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel: 'webhook' }),
  });
  return answer.json();
}

/**
 * Attacks a market maker of 200 descriptors over HTTP, on both of its listeners: it answers with reasons, keeps its memory, prints nothing that
 * a terminal obeys, and still lets the operator in and alerts out.
 *
 * @param every of so many attacks one is sent
 */
export async function expectToWithstandRequests(every: number): Promise<void> {
  const workplace = new Workplace();
  const desk = await startProviderServer();
  try {
    const metricsPort = await freePort();
    const marketMaker = await workplace.start({
      telemetry: { metrics_port: metricsPort },
      alerts: { webhook: { enabled: true, url: desk.url } },
      server: { tokens: [{ name: 'eve', token: TOKEN, role: 'operate' }] },
    });
    const health = () => marketMaker.get('/health/live').catch(() => undefined);
    await marketMaker.eventually(async () => (await health())?.status === 200, { what: 'it answers' });
    limitDescriptors(marketMaker);
    const before = peakMemory(marketMaker);
    const origin = `http://127.0.0.1:${marketMaker.port}`;
    for (const attack of httpAttacks().filter((_, index) => index % every === 0)) {
      const { attack: name, status = 400, type, text } = await answerOf(origin, TOKEN, attack);
      expect({ name, isAnswer: status < 500 || [501, 503].includes(status) }).toEqual({
        name,
        isAnswer: true,
      });
      expect({ name, size: Math.min(text.length, MAX_ANSWER) }).toEqual({ name, size: text.length });
      if (type.includes('html')) expect(text).not.toMatch(/<script>alert|onerror=/);
    }
    for (const port of [marketMaker.port, metricsPort]) await sendMalformed(port);
    expect(await testMessage(origin)).toMatchObject({ channel: 'webhook', delivered: true });
    expect((await marketMaker.get('/metrics', metricsPort)).status).toBe(200);
    expect(peakMemory(marketMaker) - before).toBeLessThan(300);
    expect(UNSHOWABLE.exec(marketMaker.output)).toBeNull();
  } finally {
    await workplace.clear();
    await desk.close();
  }
}

/**
 * Emits hostile values and ever new labels in an application of 200 descriptors and a heap of 256 MB: nothing is thrown at whoever emits, the
 * pages stay bounded, and a trip after it reaches the channel.
 *
 * @param values events whose every field takes every hostile value
 * @param labels values of each label
 */
export async function expectToWithstandEvents(values: number, labels: number): Promise<void> {
  const desk = await startProviderServer();
  const workplace = new Workplace();
  let application: AttackedProcess | undefined;
  try {
    application = await AttackedProcess.start({
      apiToken: TOKEN,
      eventLog: { kind: 'sqlite', path: workplace.path('events.db') },
      alerts: { webhook: { enabled: true, url: desk.url } },
    });
    for (const order of [
      { attack: 'values', count: values },
      { attack: 'labels', count: labels },
    ] as const) {
      expect((await application.order(order)).thrown).toBe(0);
      await application.order({ attack: 'trip', count: order.count });
      const hasLeft = () => desk.requests.some(({ body }) => body.includes(`VICTIM${order.count}`));
      await application.eventually(hasLeft, { within: 300_000, what: 'the trip has left' });
      for (const path of ['/metrics', '/health', '/alerts', '/alerts/history', '/api/v1/overview']) {
        const answer = await fetch(application.url + path);
        const text = await answer.text();
        expect({ path, isAnswer: [200, 503].includes(answer.status) }).toEqual({ path, isAnswer: true });
        expect({ path, size: Math.min(text.length, MAX_ANSWER) }).toEqual({ path, size: text.length });
      }
      expect(await testMessage(application.url)).toMatchObject({ delivered: true });
    }
    expect(peakMemory(application)).toBeLessThan(700);
    expect(UNSHOWABLE.exec(application.output)).toBeNull();
  } finally {
    await application?.end();
    await workplace.clear();
    await desk.close();
  }
}
