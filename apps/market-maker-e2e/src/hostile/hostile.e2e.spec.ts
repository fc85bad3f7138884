import { expectToWithstandEvents, expectToWithstandRequests } from './testing/hostile.contract';

describe('whoever attacks', () => {
  it('gets reasons from the market maker, which goes on alerting', () => expectToWithstandRequests(211));

  it('finds an application that takes any event without harm', () => expectToWithstandEvents(1, 800));
});
