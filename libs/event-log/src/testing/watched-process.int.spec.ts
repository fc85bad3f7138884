import { WatchedProcess } from './watched-process';

let child: WatchedProcess;
const run = (script: string): WatchedProcess => (child = new WatchedProcess(['-e', script]));

afterEach(() => child.end());

describe('a process that a test watches', () => {
  it('is waited for until it has printed a text, on either stream', async () => {
    run(`console.error('one'); setTimeout(() => console.log('two'), 20); setTimeout(() => {}, 60_000)`);
    await child.printed('one');
    await child.printed(/tw./);
    expect(child.isRunning).toBe(true);
    expect(child.lines).toEqual(['two']);
  });

  it('fails what waits for it with its output once it has ended', async () => {
    run(`require('./nowhere')`);
    await expect(child.printed('ready')).rejects.toThrow(
      /^The process ended \(1\) before: it has printed ready\. It printed:.*Cannot find module '\.\/nowhere'/s,
    );
    await expect(child.message()).rejects.toThrow(/before: a message.*Cannot find module/s);
  });

  it('has what it printed last seen before its end is a failure', async () => {
    run(`console.log('done')`);
    await child.ended();
    await child.printed('done');
  });

  it('fails what waits too long with its output', async () => {
    run(`console.log('still starting'); setTimeout(() => {}, 60_000)`);
    await child.printed('starting');
    await expect(child.printed('ready', { within: 30 })).rejects.toThrow(
      /^Not within 0\.03 s: it has printed ready\n.*Meanwhile:\nstill starting\n$/s,
    );
  });

  it('says how it ended', async () => {
    run(`setTimeout(() => {}, 60_000)`);
    expect(await child.end('SIGTERM')).toEqual({ code: null, signal: 'SIGTERM' });
    expect(await child.end()).toEqual({ code: null, signal: 'SIGTERM' });
  });
});
