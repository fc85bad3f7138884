import dns from 'node:dns';

/**
 * A host name that DNS does not know until it is resolved on purpose: the system's resolver cannot be taken down for a test, so `lookup`
 * answers for this one name and leaves all others to the system.
 */
export class UnresolvableName {
  private readonly lookup = dns.lookup;
  private resolves = false;

  constructor(readonly name: string) {
    const answer = (...args: unknown[]): void => {
      const [asked, options, callback] = args as [string, { readonly all?: boolean }, LookupCallback];
      if (asked !== name) return void Reflect.apply(this.lookup, dns, args);
      const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${asked}`), { code: 'ENOTFOUND' });
      if (!this.resolves) return process.nextTick(callback, error);
      const [address, family] = ['127.0.0.1', 4];
      process.nextTick(
        callback,
        null,
        ...(options.all === true ? [[{ address, family }]] : [address, family]),
      );
    };
    Object.assign(dns, { lookup: answer });
  }

  /** From now on the name is that of this machine. */
  resolve(): void {
    this.resolves = true;
  }

  /** Leaves all names to the system again. */
  restore(): void {
    Object.assign(dns, { lookup: this.lookup });
  }
}

type LookupCallback = (error: Error | null, ...found: unknown[]) => void;
