import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { SessionRecord } from '../../wire/state.ts';
import { Slices } from '../slices.ts';
import { Transcript } from './transcript.ts';

/** Open sessions that changed are saved this often, in milliseconds. */
const EVERY_MS = 1000;
const MAX_RECIPIENTS = 100;
/** In chars. */
const LONGEST_NAME = 320;
const MAX_MESSAGES = 1000;

interface SessionsOptions {
  readonly now: () => Date;
  readonly newId: () => string;
  /** Keeps the latest state of a session. Never throws. */
  readonly save: (session: SessionRecord) => void;
}

/** Records SMTP and POP3 sessions. */
export class SessionRecorder {
  readonly #options: SessionsOptions;
  readonly #slices = new Slices();
  #changed = new Set<Recording>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** @param peer address and port of the client @param tls the TLS version, if it is on from the start */
  begin(protocol: SessionRecord['protocol'], peer: string, tls: string | null): Recording {
    const { now, newId, save } = this.#options;
    const recording: Recording = new Recording({
      id: newId(),
      protocol,
      peer,
      tls,
      now,
      changed: () => this.#note(recording),
      ended: (session) => {
        this.#changed.delete(recording);
        save(session);
      },
    });
    this.#note(recording);
    return recording;
  }

  #note(recording: Recording): void {
    this.#changed.add(recording);
    this.#timer ??= setTimeout(() => this.#saveChanged(), EVERY_MS).unref();
  }

  /** In slices: thousands of clients may talk at the same time. */
  async #saveChanged(): Promise<void> {
    const changed = this.#changed;
    this.#changed = new Set();
    for (const recording of changed) {
      if (recording.isOpen) this.#options.save(recording.session());
      if (this.#slices.over) await this.#slices.turn();
    }
    this.#timer = null;
    for (const recording of this.#changed) this.#note(recording);
  }
}

interface RecordingOptions {
  readonly id: string;
  readonly protocol: SessionRecord['protocol'];
  readonly peer: string;
  readonly tls: string | null;
  readonly now: () => Date;
  readonly changed: () => void;
  readonly ended: (session: SessionRecord) => void;
}

/** Records one session. Callers mask secrets before they pass a line. */
export class Recording {
  readonly id: string;
  readonly #options: RecordingOptions;
  readonly #startedAt: Date;
  readonly #start = performance.now();
  readonly #transcript = new Transcript();
  readonly #to = new Set<string>();
  #messages: string[] = [];
  #mails = 0;
  #refusals = 0;
  #refusal: SessionRecord['refusal'] = null;
  #reason: string | null = null;
  #endedAt: Date | null = null;
  #changed = true;
  helo: string | null = null;
  username: string | null = null;
  from: string | null = null;
  tls: string | null;

  constructor(options: RecordingOptions) {
    this.#options = options;
    this.id = options.id;
    this.#startedAt = options.now();
    this.tls = options.tls;
  }

  get isOpen(): boolean {
    return this.#endedAt === null;
  }

  client(text: string): void {
    this.#line('client', text);
  }

  server(text: string): void {
    this.#line('server', text);
  }

  /** @param tls the version, after a handshake; null if it failed */
  secured(tls: string | null): void {
    this.tls = tls;
    if (tls !== null) this.#line('server', `[${tls} from here on]`);
  }

  /** A recipient, accepted or not. */
  recipient(address: string | null): void {
    if (address !== null && this.#to.size < MAX_RECIPIENTS) this.#to.add(address);
  }

  accepted(message: string): void {
    this.#mails += 1;
    this.#messages.push(message);
    if (this.#messages.length > 2 * MAX_MESSAGES) this.#messages = this.#messages.slice(-MAX_MESSAGES);
  }

  /** @returns how many commands have been refused so far */
  refused(refusal: NonNullable<SessionRecord['refusal']>): number {
    this.#refusal = refusal;
    return ++this.#refusals;
  }

  /** @param reason if it ended badly */
  end(reason: string | null): void {
    if (this.#endedAt !== null) return;
    this.#reason = reason;
    this.#endedAt = this.#options.now();
    this.#options.ended(this.session());
  }

  /** How it is now. */
  session(): SessionRecord {
    this.#changed = false;
    return {
      id: this.id,
      protocol: this.#options.protocol,
      peer: this.#options.peer,
      startedAt: this.#startedAt.toISOString(),
      endedAt: this.#endedAt?.toISOString() ?? null,
      outcome: this.#outcome(),
      reason: this.#reason,
      helo: clipped(this.helo),
      username: clipped(this.username),
      tls: this.tls,
      from: this.from,
      to: [...this.#to],
      mails: this.#mails,
      refusals: this.#refusals,
      refusal: this.#refusal,
      messages: this.#messages.slice(-MAX_MESSAGES),
      transcript: this.#transcript.text,
    };
  }

  #outcome(): SessionRecord['outcome'] {
    if (this.#endedAt === null) return 'open';
    if (this.#reason !== null) return 'lost';
    if (this.#mails > 0) return 'accepted';
    return this.#refusals > 0 ? 'refused' : 'ended';
  }

  #line(from: 'client' | 'server', text: string): void {
    this.#transcript.add(Math.round(performance.now() - this.#start), from, text);
    if (this.#changed || this.#endedAt !== null) return;
    this.#changed = true;
    this.#options.changed();
  }
}

/** A client may give a name of many kilobytes. */
function clipped(name: string | null): string | null {
  return name !== null && name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}...` : name;
}

/** The version of a socket that has done its handshake; null without TLS. */
export function tlsVersion(socket: Socket): string | null {
  return socket instanceof TLSSocket ? socket.getProtocol() : null;
}
