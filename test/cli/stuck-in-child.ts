import { interruptible, SAME_SIGNAL_MS } from '../../src/cli/interrupt.ts';

/** Asks for Ctrl-C, for a second one once that counts as another, and heeds neither. */
await interruptible((signal) => {
  setInterval(() => {}, 1000);
  signal.addEventListener('abort', () => setTimeout(() => console.log('again'), SAME_SIGNAL_MS + 50));
  console.log('now');
  return new Promise(() => {});
});
