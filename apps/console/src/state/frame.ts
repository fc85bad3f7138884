/** Runs the newest of what is asked for once per frame; in a hidden tab, where there are no frames, once a second. */
export function perFrame(work: () => void): () => void {
  let isAsked = false;
  const run = () => {
    isAsked = false;
    work();
  };
  return () => {
    if (isAsked) return;
    isAsked = true;
    if (document.hidden) setTimeout(run, 1_000);
    else requestAnimationFrame(run);
  };
}
