/** An open alert, as the remote control shows it. */
export interface ControlledAlert {
  readonly id: string;
  readonly level: string;
  readonly title: string;
  readonly condition: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly acknowledgedBy?: string;
}

/** The bot as the remote control sees it: what it may ask and do. Texts are lines without markup; an error's message is shown to the user. */
export interface ControlPort {
  /** The bot's name: each answer begins with it. */
  readonly bot: string;
  /** True while this process is the one that sends the bot's alerts. */
  leads(): boolean;
  status(): readonly string[];
  positions(): readonly string[];
  /** The open alerts, oldest first. */
  alerts(): readonly ControlledAlert[];
  /** @param id an alert's, or its beginning */
  why(id: string): Promise<readonly string[]>;
  acknowledge(id: string, by: string): Promise<void>;
  /** Silences what is about the same subject. */
  silence(alert: ControlledAlert, forMs: number, by: string): Promise<void>;
  /** @returns what became of it, as a sentence */
  reset(scope: string, by: string): Promise<string>;
}
