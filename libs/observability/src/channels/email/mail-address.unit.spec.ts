import { parseMailAddress, splitMailAddresses } from './mail-address';

describe('a mail address', () => {
  it.each([
    ['eve@desk.example', '', 'eve@desk.example'],
    [' <eve@desk.example> ', '', 'eve@desk.example'],
    ['Eve Müller <eve@desk.example>', 'Eve Müller', 'eve@desk.example'],
    ['"Müller, Eve" <eve@desk.example>', 'Müller, Eve', 'eve@desk.example'],
    [
      String.raw`"Eve \"the trader\" \\ M" <eve@desk.example>`,
      String.raw`Eve "the trader" \ M`,
      'eve@desk.example',
    ],
    ['"a@b: <c>" <eve@desk.example>', 'a@b: <c>', 'eve@desk.example'],
    ['eve@münchen.example', '', 'eve@xn--mnchen-3ya.example'],
    ['eve@例え.テスト', '', 'eve@xn--r8jz45g.xn--zckzah'],
    ['用户@例え.テスト', '', '用户@xn--r8jz45g.xn--zckzah'],
    ['Jõgi <jõgi@desk.example>', 'Jõgi', 'jõgi@desk.example'],
    ['a@b', '', 'a@b'],
  ])('%s', (written, name, address) => {
    expect(parseMailAddress(written)).toEqual({ name, address });
  });

  it.each([
    '',
    'eve',
    'eve@',
    '@desk.example',
    'a@b, c@d',
    'a@b <c@d',
    'Eve, M <eve@desk.example>',
    '"Eve <eve@desk.example>',
    'eve@desk.example\r\nBcc: all@desk.example',
    '"Eve\r\nBcc: x" <eve@desk.example>',
    'eve@desk\u200b.example',
    'eve@desk.example>',
    'group: a@b;',
    'eve@\u2024.example',
    `${'e'.repeat(250)}@b.example`,
  ])('is not %j', (written) => {
    expect(parseMailAddress(written)).toBeUndefined();
  });

  it('is one of several in a list, where a comma in quotation marks is none', () => {
    expect(splitMailAddresses(String.raw`"Müller, \"Eve\", E" <eve@a.example>, bob@b.example ,c@d`)).toEqual([
      String.raw`"Müller, \"Eve\", E" <eve@a.example>`,
      'bob@b.example',
      'c@d',
    ]);
    expect(splitMailAddresses('a@b,')).toEqual(['a@b', '']);
  });
});
