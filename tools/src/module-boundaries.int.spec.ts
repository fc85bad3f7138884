import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const repository = join(__dirname, '../..');

/** What lint must object to: a file that breaks a rule, in a room where the rule holds. */
const OFFENCES: readonly (readonly [room: string, line: string, objection: string])[] = [
  ['libs/trading-events/src', "import '@opensqt/trading';", '@nx/enforce-module-boundaries'],
  ['libs/trading-events/src', "import 'rxjs';", '@nx/enforce-module-boundaries'],
  ['libs/trading/src', "import '@opensqt/observability';", '@nx/enforce-module-boundaries'],
  ['libs/trading/src', "import 'prom-client';", '@nx/enforce-module-boundaries'],
  ['libs/event-log/src', "import '@nestjs/common';", '@nx/enforce-module-boundaries'],
  ['libs/observability/src', "import '@opensqt/trading';", '@nx/enforce-module-boundaries'],
  ['tools/src', "import '@opensqt/trading';", '@nx/enforce-module-boundaries'],
  ['libs/observability/src/metrics', "import '../health/health.projection';", 'no-restricted-imports'],
  ['libs/observability/src/channels', "import '../alerts/alert.service';", 'no-restricted-imports'],
  [
    'libs/observability/src/alerts/rules',
    "import '@nestjs/common';",
    '@typescript-eslint/no-restricted-imports',
  ],
];

describe('module boundaries', () => {
  const probes = OFFENCES.map(([room, line], index) => {
    const name = room.endsWith('rules') ? `probe-${index}.rule.ts` : `probe-${index}.ts`;
    return { file: join(repository, room, `boundary-${name}`), line };
  });
  let objections: ReadonlyMap<string, readonly string[]>;

  beforeAll(() => {
    for (const { file, line } of probes) writeFileSync(file, `${line}\n`);
    try {
      objections = lint(probes.map(({ file }) => file));
    } finally {
      for (const { file } of probes) rmSync(file);
    }
  });

  it.each(OFFENCES.map(([room, line, rule], index) => ({ room, line, rule, index })))(
    '$room may not say $line',
    ({ rule, index }) => {
      expect(objections.get(probes[index]?.file ?? '')).toContain(rule);
    },
  );
});

/** The rules that each file breaks. The rule about layers is skipped without Nx's project graph, so that is made first. */
function lint(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  run('nx/dist/bin/nx.js', 'show', 'projects');
  const results = JSON.parse(run('eslint/bin/eslint.js', '--format', 'json', ...files)) as readonly {
    filePath: string;
    messages: readonly { ruleId: string }[];
  }[];
  return new Map(results.map(({ filePath, messages }) => [filePath, messages.map(({ ruleId }) => ruleId)]));
}

function run(script: string, ...args: readonly string[]): string {
  const { stdout } = spawnSync(process.execPath, [join(repository, 'node_modules', script), ...args], {
    cwd: repository,
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' },
  });
  return stdout;
}
