import { Inject, Injectable, Param, Query, type StreamableFile, UseFilters, UseGuards } from '@nestjs/common';
import type { EventLog } from '@opensqt/event-log';
import { EVENT_TYPES, type EventType } from '@opensqt/trading-events';
import { EVENT_LOG } from '../../ingest/event-log';
import { EventRecorder } from '../../ingest/event-recorder';
import { OBSERVABILITY_OPTIONS } from '../../options/options.module';
import type { ResolvedOptions } from '../../options/observability-options';
import { PastService } from '../past/past.service';
import type { Question } from '../past/questions';
import { OverviewService } from '../stream/overview.service';
import { ConsoleProblem } from './console-problem';
import { ReadGuard } from './console.guard';
import { jsonOf } from './json-answer';
import { ProblemFilter } from './problem.filter';
import { positionIn, textIn, wholeNumberIn } from './queries';
import { Read } from './routes';

const TIME = { min: 0, max: 8.64e15 };
/** A parameter that is repeated is a list. */
type Given = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The views of the log, up to now or as it was at a position. */
@Injectable()
@UseFilters(ProblemFilter)
@UseGuards(ReadGuard)
export class LogController {
  constructor(
    private readonly past: PastService,
    private readonly overviews: OverviewService,
    private readonly recorder: EventRecorder,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(OBSERVABILITY_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  /** Everything as it is now, or as it was: `?at=POSITION`. */
  @Read('overview')
  async overview(@Query('at') at: string | undefined): Promise<unknown> {
    const end = this.pastPosition(at);
    if (end === undefined) return this.overviews.now();
    return this.answer({ kind: 'overview', end, head: this.log.status().position }, false);
  }

  /** Lines for plots. */
  @Read('series')
  async series(@Query() given: Given): Promise<StreamableFile> {
    const end = this.pastPosition(given['at']);
    const symbol = textIn('symbol', given['symbol']);
    const query = {
      from: wholeNumberIn('from', given['from'], TIME),
      to: wholeNumberIn('to', given['to'], TIME),
      points: wholeNumberIn('points', given['points'], { min: 10, max: 2_000 }) ?? 600,
      ...(symbol === undefined ? {} : { symbol }),
      sampleInterval: this.options.eventLog.sampleInterval,
      realized: end === undefined ? this.overviews.now().profit.realized : null,
    };
    const isPast = end !== undefined;
    return this.answer({ kind: 'series', query, isPast, end: end ?? this.recorder.position }, !isPast);
  }

  /** A page of records. */
  @Read('events')
  events(@Query() given: Given): Promise<StreamableFile> {
    const query = {
      before: positionIn('before', given['before']),
      after: positionIn('after', given['after']),
      limit: wholeNumberIn('limit', given['limit'], { min: 1, max: 1_000 }) ?? 100,
      types: typesIn(given['type']),
      symbol: textIn('symbol', given['symbol']),
      bot: textIn('bot', given['bot']),
      alert: textIn('alert', given['alert']),
      from: wholeNumberIn('from', given['from'], TIME),
      to: wholeNumberIn('to', given['to'], TIME),
    };
    return this.answer({ kind: 'events', query, end: this.endOf(given['at']) }, true);
  }

  /** The causes of a record, and what followed from it. */
  @Read('events/:position/causation')
  causation(@Param('position') given: string, @Query('at') at: string | undefined): Promise<StreamableFile> {
    const position = positionIn('position', given) ?? 0;
    return this.answer({ kind: 'causation', position, end: this.endOf(at) }, true);
  }

  /** The whole log in a few parts, for a slider. */
  @Read('timeline')
  timeline(@Query('buckets') given: string | undefined): Promise<StreamableFile> {
    const buckets = wholeNumberIn('buckets', given, { min: 1, max: 500 }) ?? 120;
    return this.answer({ kind: 'timeline', buckets, end: this.endOf(undefined) }, true);
  }

  /** The incidents and figures since a position or a time. */
  @Read('missed')
  missed(@Query() given: Given): Promise<StreamableFile> {
    const query = {
      after: positionIn('after', given['after']),
      from: wholeNumberIn('from', given['from'], TIME),
    };
    return this.answer({ kind: 'missed', query, end: this.endOf(given['at']) }, false);
  }

  /** An alert with its whole story, up to now or up to a position. The id may be shortened to its beginning. */
  @Read('alerts/:id')
  alert(@Param('id') id: string, @Query('at') at: string | undefined): Promise<StreamableFile> {
    return this.answer({ kind: 'alert', id, end: this.endOf(at) }, at === undefined);
  }

  private endOf(at: Given[string]): number {
    return this.pastPosition(at) ?? this.log.status().position;
  }

  private pastPosition(at: Given[string]): number | undefined {
    const position = positionIn('at', at);
    const { first, position: end } = this.log.status();
    if (position !== undefined && position < first && first > 1)
      throw new ConsoleProblem(
        404,
        'POSITION_DROPPED',
        `The log begins at position ${first}: older events have been dropped from it.`,
      );
    if (position === undefined || position <= end) return position;
    const message = `The log ends at position ${end}, before ${position}.`;
    throw new ConsoleProblem(404, 'POSITION_NOT_REACHED', message);
  }

  private async answer(question: Question, isPatient: boolean): Promise<StreamableFile> {
    return jsonOf(await this.past.ask(question, isPatient));
  }
}

/** One list of types, or several: what a query repeats is a list. */
function typesIn(given: Given[string]): readonly EventType[] | undefined {
  const names = [given ?? []].flat().join(',');
  if (names === '') return undefined;
  return names.split(',').map((name) => {
    const type = EVENT_TYPES.find((one) => one === name);
    if (type !== undefined) return type;
    throw new ConsoleProblem(400, 'INVALID_REQUEST', `There is no event type '${name.slice(0, 100)}'.`);
  });
}
