import { BadRequestException } from '@nestjs/common';

const LONGEST_TEXT = 1_000;

interface SilenceRequest {
  readonly matchers: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly duration: number;
  readonly reason: string;
  readonly by: string;
}

/** @throws BadRequestException with a sentence that names the field and what it must be */
export function readAcknowledgement(body: unknown): { readonly by: string; readonly note?: string } {
  const fields = objectOf(body);
  const by = textOf(fields, 'by');
  return fields['note'] === undefined ? { by } : { by, note: textOf(fields, 'note') };
}

/** @throws BadRequestException with a sentence that names the field and what it must be */
export function readSilence(body: unknown): SilenceRequest {
  const fields = objectOf(body);
  const { matchers, duration } = fields;
  if (!isTextRecord(matchers)) {
    throw new BadRequestException(
      'matchers must be an object of at least one label (or condition) and its value.',
    );
  }
  if (typeof duration !== 'number' || !Number.isFinite(duration) || duration <= 0) {
    throw new BadRequestException('duration must be milliseconds, more than zero.');
  }
  return { matchers, duration, reason: textOf(fields, 'reason'), by: textOf(fields, 'by') };
}

/** @throws BadRequestException with a sentence that names the field and what it must be */
export function readTest(body: unknown): { readonly channel: string } {
  return { channel: textOf(objectOf(body), 'channel') };
}

function objectOf(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new BadRequestException('The request needs a JSON object as its body.');
  }
  return body as Readonly<Record<string, unknown>>;
}

function textOf(fields: Readonly<Record<string, unknown>>, name: string): string {
  const value = fields[name];
  if (typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST_TEXT) return value;
  throw new BadRequestException(`${name} must be a text of 1 to ${LONGEST_TEXT} characters.`);
}

function isTextRecord(value: unknown): value is Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.values(value);
  return entries.length > 0 && entries.every((entry) => typeof entry === 'string');
}
