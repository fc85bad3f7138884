import { type HttpAnswer, HttpFailure } from '../network/http-exchange';
import { failureOf, outcomeOf } from './outcome';

const SECRET = 'k3y-of-the-tenant';
const answered = (status: number, body = '', given: Partial<HttpAnswer> = {}) =>
  outcomeOf({ status, body, headers: {}, complete: true, ...given }, [SECRET], 0);
const failed = (reason: string) => ({ kind: 'failed', reason: `the collector answered ${reason}` });
const part = (partialSuccess: unknown): string => JSON.stringify({ partialSuccess });

describe('An answer of a collector', () => {
  it.each([
    [200, ''],
    [200, '{}'],
    [202, 'ok'],
    [200, part({})],
    [200, part({ rejectedDataPoints: '0', errorMessage: '' })],
    [204, part(null)],
  ])('that is %i %j took all', (status, body) => {
    expect(answered(status, body)).toEqual({ kind: 'sent' });
  });

  it('names the part that was left out, without secrets', () => {
    expect(answered(200, part({ rejectedDataPoints: 3, errorMessage: `of ${SECRET}\u001b[31m` }))).toEqual({
      kind: 'partial',
      reason: 'the collector left out 3 data points: of [redacted] [31m',
    });
  });

  it.each([
    [200, '<!doctype html>', '200 with an HTML page: something else answers for the collector'],
    [302, '', '302'],
    [400, '{"code":3,"message":"bad data"}', '400 bad data'],
    [400, part({ rejectedDataPoints: '7', errorMessage: 'too old' }), '400 too old'],
    [401, `no ${SECRET}`, '401 no [redacted]'],
    [404, '<html>', '404 an HTML page'],
    [413, '', '413'],
    [503, '', '503'],
  ])('that is %i %j took nothing', (status, body, reason) => {
    expect(answered(status, body)).toEqual(failed(reason));
  });

  it.each([429, 502, 503, 504])('that is %i may ask for a pause, of an hour at most', (status) => {
    const asked = (seconds: string) => answered(status, '', { headers: { 'retry-after': seconds } });
    expect(asked('90')).toEqual({
      ...failed(`${status}, and asks for a pause of 1 min 30 s`),
      pauseMs: 90_000,
    });
    expect(asked('86400')).toMatchObject({ pauseMs: 3_600_000 });
  });

  it('that broke off says nothing but its status', () => {
    expect(answered(500, SECRET.slice(0, 6), { complete: false })).toEqual(failed('500'));
  });

  it('that never came is told by what broke', () => {
    expect(failureOf(new HttpFailure(false, 'ECONNREFUSED'), undefined)).toMatchObject({
      ...{ kind: 'failed', reason: 'the collector could not be reached (ECONNREFUSED)' },
    });
    expect(failureOf(new HttpFailure(false, 'x', 407), undefined)).toMatchObject({
      reason: 'the proxy does not let it through (it answered 407)',
    });
    expect(failureOf(new HttpFailure(true, 'timed out'), 10_000)).toMatchObject({
      reason: 'the collector did not answer within 10 s',
    });
    expect(failureOf(new Error(SECRET), undefined)).toMatchObject({ reason: 'it could not be written' });
  });
});
