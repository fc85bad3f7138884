import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const repository = join(__dirname, '../..');

/** Offences that lint must object to: a line that breaks a rule, in a room where the rule holds. */
const OFFENCES: readonly (readonly [room: string, line: string, objection: string])[] = [
  ['libs/trading-events/src', "import '@opensqt/trading';", '@nx/enforce-module-boundaries'],
  ['libs/trading-events/src', "import 'rxjs';", '@nx/enforce-module-boundaries'],
  ['libs/trading/src', "import '@opensqt/observability';", '@nx/enforce-module-boundaries'],
  ['libs/trading/src', "import 'prom-client';", '@nx/enforce-module-boundaries'],
  ['libs/event-log/src', "import '@nestjs/common';", '@nx/enforce-module-boundaries'],
  ['libs/observability/src', "import '@opensqt/trading';", '@nx/enforce-module-boundaries'],
  ['libs/observability/src', "import '@opensqt/configuration';", '@nx/enforce-module-boundaries'],
  ['libs/observability/src/metrics', "import '../health/health.projection';", 'no-restricted-imports'],
  ['libs/observability/src/projections', "import '../ingest/event-recorder';", 'no-restricted-imports'],
  [
    'libs/observability/src/channels/slack',
    "import '../../alerts/runtime/alert.service';",
    'no-restricted-imports',
  ],
  [
    'libs/observability/src/alerts/policy',
    "import '../../channels/slack/slack.channel';",
    'no-restricted-imports',
  ],
  [
    'libs/observability/src/alerts/rules',
    "import '@nestjs/common';",
    '@typescript-eslint/no-restricted-imports',
  ],
];

/** The rules that a text would break if it stood in that file, which does not exist. */
const SCRIPT = `
  import { ESLint } from 'eslint';
  const eslint = new ESLint({
    overrideConfig: { languageOptions: { parserOptions: { projectService: false, program: null, project: false } } },
    ruleFilter: ({ ruleId }) => ruleId.includes('restricted-imports') || ruleId.startsWith('@nx/'),
  });
  const texts = JSON.parse(process.argv[1]);
  const found = [];
  for (const { line, filePath } of texts) {
    const [{ messages }] = await eslint.lintText(line + '\\n', { filePath });
    found.push(messages.map(({ ruleId, message }) => ruleId ?? message));
  }
  process.stdout.write(JSON.stringify(found));
`;

describe('module boundaries', () => {
  let objections: readonly (readonly string[])[];

  beforeAll(() => {
    // The rule about layers is skipped without Nx's project graph.
    node(join(repository, 'node_modules/nx/dist/bin/nx.js'), 'show', 'projects');
    const texts = OFFENCES.map(([room, line], index) => ({
      line,
      filePath: join(repository, room, `made-up-${index}${room.endsWith('rules') ? '.rule' : ''}.ts`),
    }));
    objections = JSON.parse(node('--input-type=module', '--eval', SCRIPT, JSON.stringify(texts)));
  });

  it.each(OFFENCES.map(([room, line, rule], index) => ({ room, line, rule, index })))(
    '$room may not say $line',
    ({ rule, index }) => {
      expect(objections[index]).toContain(rule);
    },
  );
});

function node(...args: readonly string[]): string {
  return execFileSync(process.execPath, args, {
    cwd: repository,
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' },
  });
}
