import { openApi } from './openapi';

describe('The document of the API', () => {
  const document = openApi('/api/v1', '1.2.3') as {
    readonly paths: Record<string, Record<string, { readonly security?: unknown }>>;
    readonly components: { readonly schemas: Record<string, unknown> };
  };

  it('names every schema that it refers to', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, to]) => to ?? '');
    const missing = references.filter(
      (to) => !(to.replace('#/components/schemas/', '') in document.components.schemas),
    );
    expect(missing).toEqual([]);
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(['Overview', 'Alert', 'CausationNode', 'Problem']),
    );
  });

  it('says of every change that it needs a token, and of nothing that reads', () => {
    const secured = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { security }]) =>
        security === undefined ? [] : [`${method} ${path}`],
      ),
    );
    expect(secured).toEqual([
      'post /alerts/{id}/acknowledge',
      'post /alerts/{id}/resolve',
      'post /silences/preview',
      'post /silences',
      'delete /silences/{id}',
      'post /missed/planned',
      'post /channels/{name}/test',
      'post /dead-letters/{id}/resend',
      'post /breakers/{scope}/reset',
    ]);
  });
});
