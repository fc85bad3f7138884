/** Ends loading on a Node that is too old, in one sentence: otherwise whatever is missing first would speak. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 15)) {
  const error = new Error(`OpenSQT needs Node 22.15 or newer; this is Node ${process.versions.node}.`);
  error.stack = error.message; // who is told that has no use for our frames
  throw error;
}

export {};
