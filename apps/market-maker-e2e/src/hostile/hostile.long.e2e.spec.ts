import { expectToWithstandEvents, expectToWithstandRequests } from './testing/hostile.contract';

describe('whoever attacks at length', () => {
  it('gets reasons from the market maker for thousands of hostile requests', () =>
    expectToWithstandRequests(7));

  it('finds an application that takes every hostile value, and 20,000 values of each label', () =>
    expectToWithstandEvents(10, 20_000));
});
