import type { Knowledge, Refusal } from './questions';

/** The log as a thread opens it; its URL is a secret. */
export interface NamedLog {
  readonly kind: 'sqlite' | 'postgres';
  readonly path: string;
  readonly url: string | undefined;
  readonly schema: string;
  readonly bot: string;
  readonly archivePath: string | undefined;
}

export interface PastThreadData {
  readonly log: NamedLog;
  readonly knowledge: Knowledge;
}

/** JSON, or the sentence why there is none; neither where there is no such thing. */
export interface ThreadAnswer {
  readonly answer?: string | undefined;
  readonly failure?: string;
  /** The failure is the question's. */
  readonly refusal?: Refusal;
}
