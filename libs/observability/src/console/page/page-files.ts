import { hash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { extname, join, posix } from 'node:path';

/** A file of the page, whole. */
export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
  readonly etag: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** The folder of the built page, beside the compiled sources as beside the sources themselves. */
export const PAGE_FOLDER = join(__dirname, '..', '..', '..', 'console');

/** The files of the built page, read once: the names are those that are there, so that no request reaches any other file. */
export class PageFiles {
  private files: ReadonlyMap<string, PageFile> = new Map();

  constructor(private readonly folder: string = PAGE_FOLDER) {}

  /** A file by its path in the folder, `index.html` or `assets/index-1a2b3c.js`; undefined where there is none. */
  find(path: string): PageFile | undefined {
    // Until it is built: it may be while the process runs.
    if (this.files.size === 0) this.files = filesIn(this.folder);
    return this.files.get(path);
  }
}

function filesIn(folder: string): ReadonlyMap<string, PageFile> {
  if (!existsSync(join(folder, 'index.html'))) return new Map();
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = new Map<string, PageFile>();
  for (const name of names) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    const body = readFileSync(join(folder, name));
    files.set(name.replaceAll('\\', '/'), { type, body, etag: `"${hash('sha1', body, 'base64url')}"` });
  }
  return files;
}

/** The way from the page to the API, both below whatever prefix: `/observability/` to `/api/v1` is `../api/v1`. */
export function relativePath(page: string, api: string): string {
  return posix.relative(page, api);
}

/** The page with the way to the API in it. */
export function withApi(html: string, path: string | undefined): string {
  const meta = path === undefined ? '' : `<meta name="opensqt-api" content="${path}">`;
  const bare = html.replace(/<meta name="opensqt-api"[^>]*>/, '');
  return bare.replace(/<head[^>]*>/, (head) => `${head}${meta}`);
}

/** The page as it is asked for without a slash at its end: what it names lies in a folder beside that address. */
export function fromAbove(html: string, folder: string): string {
  return html.replaceAll('="./', `="./${folder}`);
}
