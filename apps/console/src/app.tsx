import { effect } from '@preact/signals';
import { Foot } from './components/foot';
import { PastBar } from './components/past-bar';
import { TokenDialog } from './components/token';
import { Top } from './components/top';
import { route } from './state/navigation';
import type { View } from './state/route';
import { tense } from './state/shown';
import { AlertsView } from './views/alerts/alerts';
import { DeliveryPage } from './views/delivery/delivery';
import { MissedPage } from './views/missed/missed';
import { OverviewView } from './views/overview/overview';
import { RulesPage } from './views/rules/rules';
import { TimelineView } from './views/timeline/timeline';

const PAGES: Readonly<Record<View, () => preact.JSX.Element>> = {
  overview: OverviewView,
  alerts: AlertsView,
  timeline: TimelineView,
  delivery: DeliveryPage,
  rules: RulesPage,
  missed: MissedPage,
};

effect(() => {
  const { at } = route.value;
  if (at === null) delete document.body.dataset['at'];
  else document.body.dataset['at'] = String(at);
});
effect(() => {
  document.body.classList.toggle('stale', tense.value === 'stale');
});

/** The whole page. */
export function App() {
  const Page = PAGES[route.value.view];
  return (
    <>
      <PastBar />
      <Top />
      <Page />
      <Foot />
      <TokenDialog />
    </>
  );
}
