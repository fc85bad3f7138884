import { count } from '../format/decimal';
import { dateAndClock, seconds } from '../format/time';
import { live } from '../state/live';
import { go, route } from '../state/navigation';
import { isFetching, pastError, shown } from '../state/shown';

/** Says that the page shows the past, and of which moment. */
export function PastBar() {
  const { at } = route.value;
  if (at === null) return null;
  const moment = shown.value;
  const newest = live.value?.time ?? null;
  return (
    <div class="pastbar" role="region" aria-label="The past">
      <div class="at">
        <span>You are looking at the past</span> <b>position {count(at)}</b>{' '}
        {moment?.time == null ? null : <b>{dateAndClock(moment.time)} UTC</b>}{' '}
        {moment?.time == null || newest === null ? null : <span>{seconds(newest - moment.time)} ago</span>}
        {pastError.value ? <span role="alert">{pastError.value.message}</span> : null}
        {isFetching.value && !pastError.value ? <span class="t-wide">reading …</span> : null}
      </div>
      <button type="button" onClick={() => go({ at: null })}>
        Back to live <kbd class="t-wide">Esc</kbd>
      </button>
    </div>
  );
}
