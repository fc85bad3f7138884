import { exchange } from '../http-exchange';
import { networkOf } from '../network';

/** Prints the status of the answer from an address, in a process that trusts who its environment says, and one authority more. */
async function main(url = '', ca?: string): Promise<void> {
  const signal = AbortSignal.timeout(8_000);
  const { status } = await exchange(networkOf({ proxy: '', ca }), {
    url: new URL(url),
    method: 'GET',
    signal,
  });
  process.stdout.write(`${status}\n`);
}

void main(...process.argv.slice(2));
