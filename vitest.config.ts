import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['sotto-source'] },
  ssr: { resolve: { conditions: ['sotto-source'] } },
  test: {
    include: ['test/**/*.test.ts'],
    // Tests of inference load the bundled model in a child process: two at a time is what two cores carry.
    maxWorkers: 2,
    pool: 'forks',
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
