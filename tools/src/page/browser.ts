import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const EXECUTABLES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * Starts the machine's Chromium without a window.
 *
 * @throws Error when there is none
 */
export function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? EXECUTABLES.find((file) => existsSync(file));
  if (executablePath === undefined)
    throw new Error(
      'There is no Chromium here. Install one (apt-get install chromium) or name it with CHROMIUM=/path.',
    );
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', ...args],
  });
}
