import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { FileWriter } from './file-writer';
import {
  type WriterAnswer,
  type WriterRequest,
  type WriterThreadData,
  failureOf,
  unflatten,
} from './writer-messages';

/** Answers the calls of the thread that appends. The file is opened by the first one, or a later one while that fails. */
function serve(port: MessagePort, data: WriterThreadData): void {
  let writer: FileWriter | undefined;
  const answer = async (request: WriterRequest): Promise<void> => {
    try {
      writer ??= FileWriter.open(data);
      const result = (await resultOf(request, writer)) as WriterAnswer['result'];
      port.postMessage({ call: request.call, result } satisfies WriterAnswer);
    } catch (error) {
      port.postMessage({ call: request.call, failure: failureOf(error) } satisfies WriterAnswer);
    }
    if (request.method === 'close') port.close();
  };
  port.on('message', (request: WriterRequest) => void answer(request));
}

function resultOf({ method, argument }: WriterRequest, writer: FileWriter): unknown {
  switch (method) {
    case 'open':
      return writer.file;
    case 'commit':
      return writer.commit(unflatten(argument));
    case 'saveSnapshot':
      return writer.saveSnapshot(argument.snapshot, argument.history);
    case 'maintain':
      return writer.maintain();
    case 'close':
      return writer.close();
  }
}

if (parentPort === null) throw new TypeError('This file is the start of a worker thread and no program.');
serve(parentPort, workerData as WriterThreadData);
