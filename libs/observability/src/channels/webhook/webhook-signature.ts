import { createHmac } from 'node:crypto';

/** The header that {@link webhookSignature} is sent in. */
export const SIGNATURE_HEADER = 'X-OpenSQT-Signature';

/**
 * Proves that a request comes from who knows the secret, and when it was made: `t=1795490400,v1=5f2c…`, where `v1` is the
 * HMAC-SHA256 of `<t>.<body>` in hexadecimal. The time is inside so that a receiver can refuse old requests that somebody
 * recorded and sends again. docs/channels.md shows how to verify it.
 *
 * @param body as it is sent, byte for byte
 * @param now epoch milliseconds, wall clock; `t` is in seconds
 */
export function webhookSignature(secret: string, body: string, now: number): string {
  const t = Math.floor(now / 1_000);
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`;
}
