import { join } from 'node:path';
import ts from 'typescript';
import { REPOSITORY } from './market-maker-process';

/** Compiles a program as a user would, against the built packages, into its own folder; gives what the compiler complains about. */
export function compileProgram(file: string, folder: string): readonly string[] {
  const program = ts.createProgram([file], { ...compilerOptions(), outDir: folder, rootDir: folder });
  const problems = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
  return problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(REPOSITORY, 'tsconfig.base.json'), (path) =>
    ts.sys.readFile(path),
  ) as { config: { compilerOptions: object } };
  const { options } = ts.convertCompilerOptionsFromJson(
    { ...config.compilerOptions, composite: false, customConditions: [], types: ['node'] },
    REPOSITORY,
  );
  return options;
}
