import type { Configuration } from '@opensqt/configuration';

/** The market maker could not do what was asked, or could not be asked. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
  readonly code = 'OPERATION_FAILED';
}

/** Asks a running market maker, over its `/alerts`. */
export class OperatorApi {
  private readonly base: string;
  private readonly token: string | undefined;

  constructor({ server }: Configuration) {
    const host = server.host === '0.0.0.0' ? '127.0.0.1' : server.host;
    this.base = `http://${host.includes(':') ? `[${host}]` : host}:${server.port}/alerts`;
    this.token = server.token;
  }

  /**
   * @param path below `/alerts`
   * @returns the answer's JSON; undefined when it has no body
   * @throws OperatorError with the server's own sentence, or that nobody answers
   */
  async ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> {
    const response = await fetch(this.base + path, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      const reason = `Nobody answers at ${this.base}. Is the market maker running with this configuration?`;
      throw new OperatorError(reason, { cause: error });
    });
    const text = await response.text();
    const answer: unknown = text === '' ? undefined : JSON.parse(text);
    if (response.ok) return answer;
    const { message = text } = (answer ?? {}) as { message?: string };
    throw new OperatorError(message);
  }
}
