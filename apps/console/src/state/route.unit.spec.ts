import { hrefOf, parseRoute } from './route';

describe('an address of the page', () => {
  it.each([
    '#/overview',
    '#/alerts/50b9abf6',
    '#/timeline/5531?type=order.filled&at=5601',
    '#/alerts/a%2Fb?at=0',
  ])('%s survives being read and written', (hash) => {
    expect(hrefOf(parseRoute(hash))).toBe(hash);
  });

  it.each(['', '#', '#/nothing', '#/overview?at=x', '#/overview?at=-1', '#/overview?at=1e9'])(
    '%s is the live Overview',
    (hash) => {
      expect(parseRoute(hash)).toMatchObject({ view: 'overview', id: null, at: null });
    },
  );

  it('does not fail at an id that is not encoded', () => {
    expect(parseRoute('#/alerts/%E0%A4%A').id).toBe('%E0%A4%A');
  });
});
