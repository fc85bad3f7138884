/**
 * Jest transforms sources for itself, not for worker threads. Those that a test starts from TypeScript are given the
 * process's arguments (see writer-thread-handle.ts), so this adds what loads TypeScript.
 */
process.execArgv.push('--require', require.resolve('./typescript-require.js'));
