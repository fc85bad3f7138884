const STRANGE = Symbol('strange');
/** Longer than any test message takes to be delivered. */
const TIMEOUT_MS = 60_000;
/** Characters; of our own answers a page of alerts is the longest. */
const MAX_ANSWER = 20_000_000;

/** The process could not do what was asked, or could not be asked. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
  readonly code = 'OPERATION_FAILED';
}

interface Answer {
  readonly answer: unknown;
  /** The query of the next page, of a list that goes on. */
  readonly next: string | undefined;
}

/** Asks a running process, over its HTTP API. */
export class OperatorApi {
  /**
   * @param url of the process; undefined when none is named
   * @param token for requests that change something
   */
  constructor(
    private readonly url: string | undefined,
    private readonly token: string | undefined,
  ) {}

  /**
   * @param path with its leading `/`
   * @param has a property of every such answer
   * @returns the answer's JSON; undefined when it has no body
   * @throws OperatorError with the server's own sentence, or that nobody answers there, or that it is no market maker
   */
  async ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object, has?: string): Promise<unknown> {
    const { answer } = await this.answerOf(method, path, body);
    if (has !== undefined && !(typeof answer === 'object' && answer !== null && has in answer)) {
      throw this.strange(path, `JSON without ${has}`);
    }
    return answer;
  }

  /**
   * Reads a list that is answered a page at a time, all of it.
   *
   * @param path with its leading `/`
   * @throws OperatorError as `ask` does
   */
  async list<Item>(path: string): Promise<readonly Item[]> {
    const items: Item[] = [];
    for (let query: string | undefined = ''; query !== undefined;) {
      const { answer, next } = await this.answerOf('GET', path + query);
      if (!Array.isArray(answer)) throw this.strange(path, 'JSON that is no list');
      items.push(...(answer as Item[]));
      query = next;
    }
    return items;
  }

  private async answerOf(method: string, path: string, body?: object): Promise<Answer> {
    if (this.url === undefined)
      throw new OperatorError(
        'Name the process with --url, such as http://127.0.0.1:3000, or with OPENSQT_URL.',
      );
    const base = this.url.replace(/\/$/, '');
    const response = await fetch(base + path, {
      method,
      // The token goes to the configured address and to nowhere that an answer names.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        'content-type': 'application/json',
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new OperatorError(`Nobody answers at ${base}. Is that where the process listens?`, {
        cause: error,
      });
    });
    const { status } = response;
    if (status >= 300 && status < 400) {
      await response.body?.cancel();
      throw this.strange(path, `status ${status} with a redirect, which is not followed`);
    }
    const text = await textOf(response).catch(() => undefined);
    if (text === undefined) throw this.strange(path, `status ${status} with an answer that has no end`);
    const answer = jsonOf(text);
    if (answer === STRANGE) throw this.strange(path, `status ${status} with something that is not JSON`);
    if (response.ok) return { answer, next: nextOf(response.headers.get('link')) };
    const { message } = (answer ?? {}) as { message?: unknown };
    const said = typeof message === 'string' ? message : `status ${response.status}`;
    throw new OperatorError(this.token === undefined ? said : said.replaceAll(this.token, '***'));
  }

  private strange(path: string, found: string): OperatorError {
    const base = this.url?.replace(/\/$/, '') ?? '';
    return new OperatorError(
      `${base} answered ${path} strangely: ${found}. Does another program listen there?`,
    );
  }
}

/** @throws when it breaks off, or is longer than any of ours */
async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > MAX_ANSWER) throw new RangeError('too long');
  }
  return text + decoder.decode();
}

/** The query of the next page. Of the address no other part is taken: a process does not say where to ask. */
function nextOf(link: string | null): string | undefined {
  const next = /<[^>?]*(\?[^>]*)>; *rel="?next"?/.exec(link ?? '')?.[1];
  return next === undefined || next === '?' ? undefined : next;
}

function jsonOf(text: string): unknown {
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return STRANGE;
  }
}
