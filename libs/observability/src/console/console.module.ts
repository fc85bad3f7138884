import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import type { HttpRoutes } from '../options/http.options';
import { ourController } from '../routes/our-controllers';
import { ChangeGuard, ReadGuard, SameSiteGuard, SessionGuard, Visitors } from './http/console.guard';
import { DeliveryController } from './http/delivery.controller';
import { LogController } from './http/log.controller';
import { OperationsController } from './http/operations.controller';
import { RulesController } from './http/rules.controller';
import { SessionController } from './http/session.controller';
import { Sessions } from './http/sessions';
import { StreamController } from './http/stream.controller';
import { HTTP_ROUTES } from '../routes/http-routes';
import { PageController } from './page/page.controller';
import { PageFiles } from './page/page-files';
import { PastService } from './past/past.service';
import { LogTail } from './stream/log-tail';
import { OverviewService } from './stream/overview.service';
import { PageStream } from './stream/page-stream';

/** The page, and the API that it reads. */
@Module({})
export class ConsoleModule {
  /** @param imports the options, the ingest, the alerts, the health and the views */
  static at(routes: HttpRoutes, imports: ModuleMetadata['imports']): DynamicModule {
    const { api, console } = routes;
    return {
      module: ConsoleModule,
      imports: imports ?? [],
      providers: [
        { provide: HTTP_ROUTES, useValue: routes },
        { provide: PageFiles, useFactory: () => new PageFiles() },
        ...(api === false
          ? []
          : [
              LogTail,
              OverviewService,
              PageStream,
              PastService,
              Sessions,
              Visitors,
              ReadGuard,
              ChangeGuard,
              SessionGuard,
              SameSiteGuard,
            ]),
        // Before those of an alert's id.
        ...ourController(api, OperationsController),
        ...ourController(api, DeliveryController),
        ...ourController(api, RulesController),
        ...ourController(api, LogController),
        ...ourController(api, StreamController),
        ...ourController(api && `${api}/session`, SessionController),
        ...ourController(console, PageController),
      ],
    };
  }
}
