/** Texts of an exchange, a strategy or a symbol that try to be more than text. */
export const HOSTILE_TEXTS: readonly (readonly [what: string, text: string])[] = [
  ['markup', '<b>bold</b> & <script>alert(1)</script> _*[`~|#> **x** {{template}} ${x} %s'],
  ['mentions', '<!channel> <@U123> @everyone @here <@&42> <#99> @someone'],
  ['links', '[Slack](https://evil.example) <https://evil.example|click> https://evil.example'],
  [
    'control characters',
    'a\u0000b\u001b[31mred\r\nBcc: eve@evil.example\r\n\r\n.\r\nQUIT\u2028\u202egnp.exe',
  ],
  ['emoji and half characters', `${'👩‍👩‍👧‍👦🏳️‍🌈'.repeat(1_000)}\ud83d\udfff\ud800`],
  ['20,000 characters', 'x&<"\'\\\n漢'.repeat(2_500)],
  ['nothing', ''],
];
