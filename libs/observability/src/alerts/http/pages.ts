import { z } from 'zod';
import { text } from '../runtime/request-schemas';
import { AlertError } from '../runtime/alert-requests';

const MAX_PAGE = 1_000;

/** An answer of Express as of Fastify. */
export interface HttpReply {
  header(name: string, value: string): unknown;
}

/** `?limit=&cursor=`: as many as there are without them, up to a bound. */
export const pageQuery = z.object({
  limit: z
    .unknown()
    .transform((given, { addIssue }) => {
      const limit = Number(given);
      if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_PAGE) return limit;
      const found = String(given).slice(0, 20);
      addIssue(`limit must be a whole number from 1 to ${MAX_PAGE}, found '${found}'.`);
      return z.NEVER;
    })
    .optional(),
  cursor: text('cursor', 64).optional(),
});
export type PageQuery = z.output<typeof pageQuery>;

/** A list that is answered a page at a time. */
export interface Listed<Item> {
  readonly items: readonly Item[];
  /** The cursor that names an item. */
  readonly cursorOf: (item: Item) => string;
  /** The items behind the cursor; absent: those behind the item that it names. */
  readonly behind?: (cursor: string) => readonly Item[];
  /** Items of a page that is asked for without a limit. @default 1000 */
  readonly usual?: number;
}

/**
 * One page of a list. Where more follow, the answer's `Link` leads to the next one, relative to what was asked for.
 *
 * @throws AlertError `INVALID_REQUEST` where the item that the cursor names has left the list
 */
export function onePage<Item>(list: Listed<Item>, query: PageQuery, reply: HttpReply): readonly Item[] {
  const { limit = list.usual ?? MAX_PAGE, cursor } = query;
  const { behind = (named: string) => behindItem(list, named) } = list;
  const left = cursor === undefined ? list.items : behind(cursor);
  const page = left.slice(0, limit);
  const last = page.at(-1);
  if (last !== undefined && left.length > limit) {
    const next = new URLSearchParams({ limit: String(limit), cursor: list.cursorOf(last) });
    reply.header('Link', `<?${next.toString()}>; rel="next"`);
  }
  return page;
}

function behindItem<Item>({ items, cursorOf }: Listed<Item>, cursor: string): readonly Item[] {
  const at = items.findIndex((item) => cursorOf(item) === cursor);
  if (at >= 0) return items.slice(at + 1);
  throw new AlertError(
    'INVALID_REQUEST',
    'What the cursor names has left the list: ask again without a cursor.',
  );
}
