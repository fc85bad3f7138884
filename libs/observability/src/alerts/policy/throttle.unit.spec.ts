import type { AlertLevel } from '@opensqt/trading-events';
import { alertsOptions } from '../../options/alerts.options';
import type { ChannelTraffic } from '../model/alerts.state';
import { MAX_BURST, afterRequest, afterThrottling, digestDueAt, digestOf, isThrottled } from './throttle';

const settings = alertsOptions.parse({ burst: 3, groupWindow: '1m' });
const WINDOW = 60_000;
const NOW = 1_000_000;

const sentAt = (...requestedAt: readonly number[]): ChannelTraffic => ({ requestedAt, held: undefined });
const held = (traffic: ChannelTraffic | undefined, condition: string, level: AlertLevel, at = NOW) =>
  afterThrottling(traffic, { condition, level, at });

describe('the throttle', () => {
  it.each<[string, ChannelTraffic | undefined, AlertLevel, string, boolean]>([
    ['nothing was sent', undefined, 'INFO', 'chat', false],
    ['less than a burst was sent', sentAt(NOW, NOW), 'INFO', 'chat', false],
    ['a burst was sent', sentAt(NOW, NOW, NOW), 'ERROR', 'chat', true],
    ['a burst was sent and it is CRITICAL', sentAt(NOW, NOW, NOW), 'CRITICAL', 'chat', false],
    ['a burst was sent to the log', sentAt(NOW, NOW, NOW), 'INFO', 'log', false],
    ['a part of a burst was sent before the window', sentAt(NOW - WINDOW, NOW, NOW), 'INFO', 'chat', false],
    ['all of it was just in the window', sentAt(NOW - WINDOW + 1, NOW, NOW), 'INFO', 'chat', true],
    ['the clock was set back since', sentAt(NOW + WINDOW, NOW + WINDOW, NOW), 'INFO', 'chat', false],
    ['a digest is gathering', held(undefined, 'a', 'INFO'), 'ERROR', 'chat', true],
    ['a digest is gathering and it is CRITICAL', held(undefined, 'a', 'INFO'), 'CRITICAL', 'chat', false],
  ])('decides, when %s, by level and channel', (_, traffic, level, channel, throttled) => {
    expect(isThrottled(traffic, { channel, level, now: NOW }, settings)).toBe(throttled);
  });

  it('remembers no more requests than the largest burst', () => {
    let traffic: ChannelTraffic | undefined;
    for (let at = 0; at < MAX_BURST + 5; at++) traffic = afterRequest(traffic, at);
    expect(traffic?.requestedAt).toHaveLength(MAX_BURST);
    expect(traffic?.requestedAt[0]).toBe(5);
  });

  it('counts by condition what it holds back, from the first on, the loudest first', () => {
    let traffic = held(sentAt(1, 2), 'risk_limit_breach', 'WARNING');
    traffic = held(traffic, 'large_execution', 'INFO', NOW + 1);
    traffic = held(traffic, 'large_execution', 'INFO', NOW + 2);
    const { held: gathered } = held(traffic, 'risk_limit_breach', 'ERROR', NOW + 3);
    if (gathered === undefined) throw new Error('nothing is held back');

    expect(digestDueAt(gathered, settings)).toBe(NOW + WINDOW);
    expect(digestOf(gathered, settings)).toEqual({
      level: 'ERROR',
      title: '4 more alerts within 1 min',
      message:
        '2 × risk limit breach, 2 × large execution. More than 3 alerts within 1 min are sent as one digest; the log has each of them.',
      fields: { 'risk limit breach': '2 (up to ERROR)', 'large execution': '2 (up to INFO)' },
    });
    expect(traffic.requestedAt).toEqual([1, 2]);
  });
});
