import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArguments, print, runCommand } from '@opensqt/configuration';
import { takeScreenshots } from './page/screenshots';

const FOLDER = 'docs/images';

const HELP = `Starts the default run and puts pictures of its page into ${FOLDER}: each view, the overview by day and by night, at
a desk and on a phone, while it trades and after the flash crash. Takes four minutes, until the flash crash; needs Chromium.

Usage: npm run -s docs:screenshots
  --help  this text
`;

async function screenshots(args: string[]): Promise<void> {
  const { values } = parseArguments({ args, options: { help: { type: 'boolean', default: false } } });
  if (values.help) return print(HELP);
  const folder = join(__dirname, '../..', FOLDER);
  await mkdir(folder, { recursive: true });
  await takeScreenshots(folder, (name) => process.stdout.write(`${FOLDER}/${name}.png\n`));
}

void runCommand('docs:screenshots', screenshots);
