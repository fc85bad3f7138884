const { appendFileSync, readFileSync } = require('node:fs');

/** The file that collects the counts of several runs, a line of JSON each; absent where a run stands for itself. */
const FILE = process.env.TEST_COUNTS;

/** Closes a run with one plain line, `N passed, N failed, N skipped`, for whoever counts tests without parsing Jest. */
module.exports = class CountReporter {
  onRunComplete(_contexts, results) {
    const counts = {
      passed: results.numPassedTests,
      failed: results.numFailedTests,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    if (FILE) appendFileSync(FILE, `${JSON.stringify(counts)}\n`);
    else print([counts]);
  }
};

function print(runs) {
  const total = (name) => runs.reduce((sum, counts) => sum + counts[name], 0);
  process.stdout.write(
    `\n${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped\n`,
  );
}

if (require.main === module) print(readFileSync(FILE, 'utf8').trimEnd().split('\n').map(JSON.parse));
