import type { ApiError } from '../api/client';
import { Empty, Panel } from './panel';

/** A sentence about something that failed. */
export function Failure({ words }: { readonly words: string | null | undefined }) {
  if (words == null) return null;
  return (
    <p class="empty error" role="alert">
      {words}
    </p>
  );
}

/** Stands in place of a part that is being read, or could not be. */
export const Reading = ({ title, error }: { readonly title: string; readonly error: ApiError | null }) => (
  <Panel title={title}>{error ? <Failure words={error.message} /> : <Empty>Reading it …</Empty>}</Panel>
);
