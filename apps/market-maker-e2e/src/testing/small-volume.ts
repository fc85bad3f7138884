import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A volume of a few megabytes in memory, which can be filled up and emptied: a real full disk. Mounting it needs root. */
export class SmallVolume {
  /** True when this process may mount one. */
  static readonly permitted = process.platform === 'linux' && process.getuid?.() === 0;

  readonly folder = mkdtempSync(join(tmpdir(), 'opensqt-volume-'));

  constructor(megabytes: number) {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', this.folder]);
  }

  /** Leaves no byte free, whoever else is writing. */
  fill(): void {
    for (const size of [65_536, 4_096, 1]) {
      try {
        for (;;) appendFileSync(this.ballast, Buffer.alloc(size));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  }

  /** Gives the space back. */
  empty(): void {
    rmSync(this.ballast, { force: true });
  }

  unmount(): void {
    execFileSync('umount', [this.folder]);
    rmdirSync(this.folder);
  }

  private get ballast(): string {
    return join(this.folder, 'ballast');
  }
}
