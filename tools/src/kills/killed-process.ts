import type { Readable } from 'node:stream';
import { WatchedProcess } from '@opensqt/event-log/testing';
import { MESSAGE_FD } from './messages';

/** A process that is there to be killed, and what it has reported. */
export class KilledProcess<Message> extends WatchedProcess {
  readonly messages: Message[] = [];
  private line = '';

  /**
   * @param node Node's arguments that start the script
   * @param task the script's one argument, as JSON
   */
  constructor(node: readonly string[], task: object) {
    super([...node, JSON.stringify(task)], { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
    const pipe = this.child.stdio[MESSAGE_FD] as Readable;
    pipe.setEncoding('utf8').on('data', (chunk: string) => this.read(chunk));
  }

  /** Its first message: it has started. */
  async started(): Promise<Message> {
    await this.eventually(() => this.messages.length > 0, { what: 'its first message' });
    return this.messages[0] as Message;
  }

  /** @throws Error (rejects) when it had ended by itself */
  async kill(): Promise<void> {
    if ((await this.end('SIGKILL')).signal !== 'SIGKILL') throw this.endedEarly('it was killed');
  }

  /** Keeps the text after the last line break: the kill may cut it off. */
  private read(chunk: string): void {
    const lines = (this.line + chunk).split('\n');
    this.line = lines.pop() ?? '';
    for (const line of lines) this.messages.push(JSON.parse(line) as Message);
  }
}
