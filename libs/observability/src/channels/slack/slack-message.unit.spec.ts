import fc from 'fast-check';
import { type PlainText, type SlackLayout, slackMessage, slackReply } from './slack-message';
import { notification } from '../testing/notification';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }), fc.nat(3_000))
    .map(([t, n]) => t.repeat(n)),
  fc.constantFrom('<!channel>', '@everyone', '&'.repeat(5_000), '<http://a|b>'),
);
const anyFields = fc.array(fc.tuple(anyText, anyText), { maxLength: 60 }).map(Object.fromEntries<string>);

const texts = ({ text, blocks }: SlackLayout): readonly string[] => [
  text,
  ...blocks.flatMap((block) => textsOf(block).map((object) => object.text)),
];

function textsOf(block: SlackLayout['blocks'][number]): readonly { readonly text: string }[] {
  if ('elements' in block) return block.elements;
  return 'fields' in block ? block.fields : [block.text];
}

describe('slackMessage', () => {
  it('reads from the level down to the time', () => {
    const message = slackMessage(notification({ possibleDuplicate: true }));

    expect(message).toEqual({
      text: '🔴 CRITICAL · Circuit breaker tripped: BTCUSDT (possible duplicate)\nDrawdown reached 6 % (limit 5 %). Trading is stopped.',
      blocks: [
        { type: 'header', text: plain('🔴 CRITICAL · Circuit breaker tripped: BTCUSDT') },
        { type: 'section', text: plain('Drawdown reached 6 % (limit 5 %). Trading is stopped.') },
        { type: 'section', fields: [plain('Scope\nBTCUSDT'), plain('Threshold\n5 %')] },
        {
          type: 'context',
          elements: [plain('possible duplicate · 2026-11-24 03:12:07 UTC · alert 0192f0c1')],
        },
      ],
    });
  });

  it('makes mentions and links inert and leaves every other character as it is', () => {
    const hostile = '<!channel> <@U123> @everyone <https://evil.example|Slack> *b* _i_ :fire: "q" &amp;';
    const message = slackMessage(
      notification({ title: hostile, message: hostile, fields: { [hostile]: hostile } }),
    );

    for (const text of texts(message)) expect(text).not.toMatch(/[<>]/);
    expect(JSON.stringify(message)).not.toContain('mrkdwn"}');
    expect(message.blocks[1]).toEqual({
      type: 'section',
      text: plain(
        '&lt;!channel&gt; &lt;@U123&gt; @everyone &lt;https://evil.example|Slack&gt; *b* _i_ :fire: "q" &amp;amp;',
      ),
    });
  });

  it('says how many fields it left out', () => {
    const fields = Object.fromEntries(Array.from({ length: 53 }, (_, n) => [`f${n}`, String(n)]));

    expect(JSON.stringify(slackMessage(notification({ fields })))).toContain('13 more fields not shown');
  });

  it('keeps any notification within every limit of Slack, in whole entities and whole characters', () => {
    fc.assert(
      fc.property(
        anyText,
        anyText,
        anyFields,
        fc.constantFrom(3_000, 12_000),
        (title, message, fields, limit) => {
          const made = slackMessage(notification({ title, message, fields }), limit);

          expect(made.blocks.length).toBeLessThanOrEqual(50);
          for (const block of made.blocks) {
            const longest = { header: 150, section: 'fields' in block ? 2_000 : 3_000, context: 300 }[
              block.type
            ];
            expect(textsOf(block).length).toBeLessThanOrEqual(10);
            for (const { text } of textsOf(block)) {
              expect(text.length).toBeGreaterThan(0);
              expect(text.length).toBeLessThanOrEqual(longest);
            }
          }
          expect(texts(made).join('').length).toBeLessThanOrEqual(limit);
          for (const text of texts(made)) {
            expect(text).not.toMatch(/\p{Cs}|[<>]|&(?!amp;|lt;|gt;)/u);
          }
        },
      ),
    );
  });

  it('answers in one short text, as inert as the message itself', () => {
    fc.assert(
      fc.property(anyText, anyText, (title, message) => {
        const made = slackReply(notification({ title, message }));

        expect(made.blocks).toHaveLength(1);
        for (const text of texts(made)) {
          expect(text.length).toBeLessThanOrEqual(500);
          expect(text).not.toMatch(/\p{Cs}|[<>]|&(?!amp;|lt;|gt;)/u);
        }
      }),
    );
  });
});

function plain(text: string): PlainText {
  return { type: 'plain_text', text, emoji: false };
}
