import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT_IN_CHANNELS, CONDITIONS, type ChannelDefinition } from '@opensqt/observability/replay';
import { renderTable } from '@opensqt/configuration';

const REPOSITORY = join(__dirname, '../../..');

/** `docs/channels.md`, whose table of the channels follows from their registry. */
export function channelsDocument(): string {
  const log = ['`log`', 'nothing, always on', 'one line', 'all', '–'];
  const rows = (BUILT_IN_CHANNELS as readonly ChannelDefinition[]).map(
    ({ name, options, documentation: { needs, sends, deduplicatedBy } }) => {
      const { minLevel } = options.parse({});
      return [`\`${name}\``, needs, sends, minLevel, deduplicatedBy];
    },
  );
  const headings = ['channel', 'needs', 'is sent', 'min level', 'drops duplicates by'];
  return withTable('docs/channels.md', 'channels', renderTable([headings, log, ...rows]));
}

/** `docs/alerts.md`, whose table of the conditions follows from their registry. */
export function alertsDocument(): string {
  const rows = CONDITIONS.map(({ condition, documentation: { raisedBy, level, resolvedBy, about } }) => [
    `\`${condition}\``,
    raisedBy,
    level,
    resolvedBy,
    about,
  ]);
  const headings = ['condition', 'raised by', 'level', 'resolved by', 'about'];
  return withTable('docs/alerts.md', 'conditions', renderTable([headings, ...rows]));
}

/** The page with the table between its marks. */
function withTable(file: string, name: string, rows: readonly string[]): string {
  const page = readFileSync(join(REPOSITORY, file), 'utf8');
  const [before, rest] = split(page, `<!-- ${name}: from the registry, by \`npm run docs\` -->`, file);
  const [, after] = split(rest, `<!-- end: ${name} -->`, file);
  return `${before}<!-- ${name}: from the registry, by \`npm run docs\` -->\n\n${rows.join('\n')}\n\n<!-- end: ${name} -->${after}`;
}

function split(text: string, mark: string, file: string): readonly [string, string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`${file} has no line '${mark}'. Put it where the table stands.`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
