import { text } from '@opensqt/trading-events/options';

/** `global` is what events call the whole account; a symbol of that name could not be distinguished from it. */
export const symbolName = text({
  allowed: 'a symbol such as BTCUSDT (letters, digits and . _ : / -, not the word global)',
  pattern: /^(?!global$)[A-Za-z0-9][A-Za-z0-9._:/-]{0,31}$/,
});
