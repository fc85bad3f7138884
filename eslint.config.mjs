import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** The layers that each one may depend on, and the packages that it must never see. The data's way: source → log → projection. */
const layers = [
  {
    sourceTag: 'layer:app',
    onlyDependOnLibsWithTags: [
      'layer:app',
      'layer:source',
      'layer:log',
      'layer:projection',
      'layer:configuration',
      'layer:contract',
    ],
  },
  {
    sourceTag: 'layer:configuration',
    onlyDependOnLibsWithTags: ['layer:contract', 'layer:log', 'layer:source', 'layer:projection'],
  },
  {
    sourceTag: 'layer:source',
    onlyDependOnLibsWithTags: ['layer:contract'],
    bannedExternalImports: ['prom-client', '@nestjs/terminus', '@willsoto/*', 'grammy', '@slack/*'],
  },
  {
    sourceTag: 'layer:log',
    onlyDependOnLibsWithTags: ['layer:contract'],
    bannedExternalImports: ['@nestjs/*', 'prom-client'],
  },
  { sourceTag: 'layer:projection', onlyDependOnLibsWithTags: ['layer:contract', 'layer:log'] },
  {
    sourceTag: 'layer:contract',
    onlyDependOnLibsWithTags: [],
    allowedExternalImports: ['zod', 'decimal.js', 'fastest-levenshtein', 'fast-check'],
  },
  {
    // The page knows the API by its types, and nothing of the server.
    sourceTag: 'layer:page',
    onlyDependOnLibsWithTags: ['layer:projection'],
    allowedExternalImports: ['preact', 'preact/*', '@preact/signals', 'uplot', 'uplot/*', 'vite'],
  },
  {
    sourceTag: 'layer:tool',
    onlyDependOnLibsWithTags: [
      'layer:contract',
      'layer:log',
      'layer:source',
      'layer:projection',
      'layer:configuration',
    ],
  },
];

/** The rooms of observability: which of its folders a folder may not open. */
const OBSERVABILITY = 'libs/observability/src';
const room = (folder, closed) => ({
  files: [`${OBSERVABILITY}/${folder}/**/*.ts`],
  ignores: ['**/*.spec.ts', '**/testing/**'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^(\\.\\./)+(${closed})(/|$)`,
            message: `${folder}/ does not know it: what both need goes through projections/, ingest/ or observability.module.ts.`,
          },
        ],
      },
    ],
  },
});

/** The rooms of the page: which of its folders a folder may not open. */
const pageRoom = (folder, closed) => ({
  files: [`apps/console/src/${folder}/**/*.{ts,tsx}`],
  rules: {
    'no-restricted-imports': [
      'error',
      { patterns: [{ regex: `^(\\.\\./)+(${closed})(/|$)`, message: `${folder}/ does not know it.` }] },
    ],
  },
});

export default tseslint.config(
  {
    ignores: [
      '**/dist',
      'libs/observability/console',
      '**/out-tsc',
      '**/node_modules',
      '.nx',
      'data',
      'coverage',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 400 }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.{ts,tsx,js,mjs}'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { allow: [], enforceBuildableLibDependency: true, depConstraints: layers },
      ],
    },
  },
  {
    files: ['**/*.spec.ts'],
    rules: {
      'max-lines': 'off',
    },
  },
  {
    files: ['**/*.js'],
    languageOptions: {
      globals: {
        module: 'readonly',
        process: 'readonly',
        require: 'readonly',
        __dirname: 'readonly',
        setImmediate: 'readonly',
      },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['libs/trading-events/src/**/*.ts'],
    ignores: ['libs/trading-events/src/options/**', '**/testing/**', '**/*.spec.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: ['zod', 'decimal.js', 'fastest-levenshtein', 'fast-check'].map((name) => ({
            name,
            message: 'Events need no packages; only options/ has some, and tests.',
          })),
        },
      ],
    },
  },
  room('metrics', 'health|alerts|channels|heartbeat|summary|otlp'),
  room('health', 'metrics|alerts|channels|heartbeat|summary|otlp'),
  room('alerts', 'metrics|health|heartbeat|channels/(?!channel$|delivery-error$).*'),
  room('ingest', 'metrics|health|alerts|channels|heartbeat|summary'),
  room('projections', 'ingest|metrics|health|alerts|channels|heartbeat|summary'),
  room('heartbeat', 'channels|summary'),
  room('otlp', 'alerts|channels/(?!http/).*|heartbeat|summary|console'),
  room('summary', 'metrics|health|channels|heartbeat|alerts'),
  room('console', 'channels|heartbeat|summary|ingest/testing'),
  room('routes', 'ingest|projections|metrics|health|alerts|channels|heartbeat|summary'),
  room('shutdown', 'ingest|projections|metrics|health|alerts|channels|heartbeat|summary'),
  room('network', 'ingest|projections|metrics|health|alerts|channels|heartbeat|summary|options'),
  room('format', 'ingest|projections|metrics|health|alerts|channels|heartbeat|summary'),
  room('channels', 'metrics|health|ingest|projections|heartbeat|summary|alerts'),
  {
    files: ['apps/console/src/**/*.{ts,tsx}'],
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }], // a part of an answer that is not there yet is undefined, one without a value null
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^@opensqt/(?!observability/console-api$)',
              message: 'The page knows the API by its types alone.',
            },
            { group: ['@opensqt/*'], allowTypeImports: true, message: 'Types alone: import type.' },
          ],
        },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            "JSXAttribute[name.name='dangerouslySetInnerHTML'], MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/]",
          message: 'Every text of the server is inert.',
        },
      ],
    },
  },
  pageRoom('api', 'components|plots|state|views'),
  pageRoom('format', 'api|components|plots|state|views'),
  pageRoom('state', 'components|plots|views'),
  pageRoom('plots', 'api|components|views'),
  pageRoom('components', 'views'),
  {
    files: ['**/*.projection.ts', '**/*.rule.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ group: ['@nestjs/*'], message: 'What decides is pure: it knows no framework.' }] },
      ],
    },
  },
  {
    files: ['**/*.spec.ts'],
    ignores: ['**/*.{unit,int,e2e}.spec.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'Program',
          message: "A test's file name says its level: .unit.spec.ts, .int.spec.ts or .e2e.spec.ts.",
        },
      ],
    },
  },
  {
    files: ['libs/trading/src/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/testing/**', '**/registry.ts', '**/sources.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^\\.{1,2}/(.*/)?(strategy|venues|market)/[^/]+/[^/]+$',
              message: 'A strategy, a venue or a source is known by its name: ask its registry.',
            },
          ],
        },
      ],
    },
  },
);
