import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inTemporaryFolder } from './temporary-folder';

const REPOSITORY = resolve(__dirname, '../..');

/** A workspace of one lib, built by the script that `npm run build` runs. */
class Workspace {
  private constructor(private readonly folder: string) {}

  static in(folder: string): Workspace {
    const options = {
      module: 'nodenext',
      rootDir: 'src',
      outDir: 'dist',
      composite: true,
      types: [],
      tsBuildInfoFile: 'dist/i',
    };
    mkdirSync(join(folder, 'lib/src'), { recursive: true });
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(join(REPOSITORY, 'node_modules/typescript'), join(folder, 'node_modules/typescript'));
    cpSync(join(REPOSITORY, 'tools/build.mjs'), join(folder, 'build.mjs'));
    const write = (path: string, value: unknown) => writeFileSync(join(folder, path), JSON.stringify(value));
    write('package.json', {});
    write('tsconfig.build.json', { files: [], references: [{ path: './lib/tsconfig.lib.json' }] });
    write('lib/tsconfig.lib.json', { compilerOptions: options, include: ['src'] });
    return new Workspace(folder).with('export const answer = 42;\n');
  }

  with(source: string): this {
    writeFileSync(join(this.folder, 'lib/src/index.ts'), source);
    return this;
  }

  forget(): void {
    rmSync(join(this.folder, 'lib/dist'), { recursive: true });
  }

  build() {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['build.mjs'], {
      cwd: this.folder,
      encoding: 'utf8',
    });
    return { status, printed: stdout + stderr };
  }

  get built(): string {
    return readFileSync(join(this.folder, 'lib/dist/index.js'), 'utf8');
  }
}

describe('the build', () => {
  it('shows that it works, and does nothing where it is up to date', () =>
    inTemporaryFolder(async (folder) => {
      const workspace = Workspace.in(folder);
      const first = workspace.build();
      expect(first).toMatchObject({ status: 0 });
      expect(first.printed).toMatch(/^Building for the first time.*\nBuilt in \d+ s\.\n$/);
      expect(workspace.build()).toEqual({ status: 0, printed: '' });

      workspace.with('export const answer = 43;\n');
      expect(workspace.build().printed).toContain('Building what has changed');
      expect(workspace.built).toContain('43');

      workspace.forget();
      expect(workspace.build().status).toBe(0);
      expect(workspace.built).toContain('43');
    }));

  it('fails with what the compiler says, and builds again when it is mended', () =>
    inTemporaryFolder(async (folder) => {
      const workspace = Workspace.in(folder);
      workspace.build();
      const failed = workspace.with('export const answer: string = 42;\n').build();
      expect(failed.status).not.toBe(0);
      expect(failed.printed).toContain("Type 'number' is not assignable to type 'string'");
      expect(workspace.build().status).not.toBe(0);
      expect(workspace.with("export const answer = '44';\n").build().status).toBe(0);
      expect(workspace.built).toContain('44');
    }));
});
