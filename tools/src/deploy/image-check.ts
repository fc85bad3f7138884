import { Unavailable, run } from './programs';
import { REPOSITORY } from './repository';

const NO_DAEMON = /Cannot connect to the Docker daemon|daemon running/;
const NO_NETWORK =
  /no such host|dial tcp|EAI_AGAIN|ENOTFOUND|Temporary failure|failed to resolve source metadata/;

/** Builds the image, where a Docker daemon and a network are there. */
export async function checkImage(): Promise<string> {
  try {
    await run('docker', ['build', '-f', 'deploy/docker/Dockerfile', '-t', 'opensqt', '.'], REPOSITORY);
  } catch (error) {
    const { message } = error as Error;
    if (NO_DAEMON.test(message)) throw new Unavailable('no Docker daemon answers');
    if (NO_NETWORK.test(message)) throw new Unavailable('its base image or packages cannot be reached');
    throw error;
  }
  return 'builds';
}
