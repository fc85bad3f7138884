import { Get, Inject, Injectable, UseFilters, UseGuards } from '@nestjs/common';
import { ALERT_POLICY, WALL_CLOCK } from '../../alerts/model/alert-tokens';
import { alertsProjection } from '../../alerts/model/alerts.projection';
import type { AlertsState } from '../../alerts/model/alerts.state';
import type { AlertPolicy } from '../../alerts/policy/settings';
import { EventRecorder } from '../../ingest/event-recorder';
import type { MetricsSource } from '../../metrics/catalogue/metrics-source';
import { METRICS_SOURCE } from '../../metrics/registry/metric-providers';
import type { HttpRoutes } from '../../options/http.options';
import { OBSERVABILITY_OPTIONS } from '../../options/options.module';
import type { ResolvedOptions } from '../../options/observability-options';
import { HTTP_ROUTES } from '../../routes/http-routes';
import type { Clock } from '@opensqt/trading-events';
import type { DeliveryView } from '../api/delivery';
import { deliveryView } from '../view/delivery-view';
import { openApi } from './openapi';
import { ReadGuard } from './console.guard';
import { ProblemFilter } from './problem.filter';
import { Read } from './routes';

/** The channels, and the document of the API. */
@Injectable()
@UseFilters(ProblemFilter)
@UseGuards(ReadGuard)
export class DeliveryController {
  private made: object | undefined;

  constructor(
    private readonly recorder: EventRecorder,
    @Inject(ALERT_POLICY) private readonly policy: AlertPolicy,
    @Inject(METRICS_SOURCE) private readonly metrics: () => MetricsSource,
    @Inject(WALL_CLOCK) private readonly wallClock: Clock,
    @Inject(HTTP_ROUTES) private readonly routes: HttpRoutes,
    @Inject(OBSERVABILITY_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  @Read('channels')
  channels(): DeliveryView {
    return deliveryView({
      position: this.recorder.position,
      now: this.wallClock.now(),
      channels: this.policy.channels,
      alerts: this.recorder.committedView<AlertsState>(alertsProjection),
      metrics: this.metrics().state,
    });
  }

  @Get('openapi.json')
  document(): object {
    return (this.made ??= openApi(this.routes.api || '/', this.options.version));
  }
}
