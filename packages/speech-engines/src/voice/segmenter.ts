/** How {@link Segmenter} cuts; in windows. */
export interface Cutting {
  /** Speech ends when this many windows without it follow. */
  readonly minSilence: number;
  /** A draft of the stretch comes when this many follow, at least `padding`; undefined for none. */
  readonly draftSilence: number | undefined;
  /** Less speech than this is none. */
  readonly minSpeech: number;
  /** Kept before and after speech. */
  readonly padding: number;
  /** A longer segment is cut where speech is least probable. */
  readonly maxLength: number;
}

/** A stretch of speech, in windows from the start. */
export interface Stretch {
  readonly start: number;
  readonly windows: readonly Float32Array[];
  /** Whether it has ended only if silence follows. */
  readonly isDraft: boolean;
}

/** Speech begins at this probability, and ends below the other one, as in Silero's own `get_speech_timestamps`. */
const [begins, ends] = [0.5, 0.35];

/** Cuts a stream of windows, each with its probability of speech, into stretches of speech. */
export class Segmenter {
  readonly #cutting: Cutting;
  /** The windows that may still become part of a stretch; the first one is number `#first`. */
  #held: { readonly window: Float32Array; readonly probability: number }[] = [];
  #first = 0;
  /** Numbers of windows: the one after the last with speech, and how many had speech; undefined outside of speech. */
  #speech: { end: number; voiced: number } | undefined;

  constructor(cutting: Cutting) {
    this.#cutting = cutting;
  }

  /** @returns the stretch that ends with this window, or may have ended, if one does */
  push(window: Float32Array, probability: number): Stretch | undefined {
    this.#held.push({ window, probability });
    const now = this.#first + this.#held.length;
    const { padding, minSilence, draftSilence, maxLength } = this.#cutting;
    if (probability >= begins) {
      this.#speech = { end: now, voiced: (this.#speech?.voiced ?? 0) + 1 };
    } else if (this.#speech !== undefined && probability >= ends) {
      this.#speech.end = now;
    }
    if (this.#speech === undefined) {
      this.#drop(this.#held.length - padding);
      return undefined;
    }
    const silence = now - this.#speech.end;
    if (silence >= minSilence) return this.flush();
    if (this.#held.length >= maxLength) return this.#cut();
    return silence === draftSilence ? this.#draft(this.#speech) : undefined;
  }

  /** The stretch that is open, as it is if it ends here. */
  #draft({ end, voiced }: { readonly end: number; readonly voiced: number }): Stretch | undefined {
    if (voiced < this.#cutting.minSpeech) return undefined;
    const held = this.#held.slice(0, end + this.#cutting.padding - this.#first);
    return { start: this.#first, windows: held.map(({ window }) => window), isDraft: true };
  }

  /** Ends the stretch that is open. */
  flush(): Stretch | undefined {
    if (this.#speech === undefined) return undefined;
    const { end, voiced } = this.#speech;
    this.#speech = undefined;
    const stretch = this.#take(
      Math.min(this.#held.length, end + this.#cutting.padding - this.#first),
    );
    this.#drop(this.#held.length - this.#cutting.padding);
    return voiced >= this.#cutting.minSpeech ? stretch : undefined;
  }

  /** Cuts a stretch that is too long within its last third; what follows is still speech. */
  #cut(): Stretch {
    const last = this.#held.length;
    let best = last;
    let lowest = Number.POSITIVE_INFINITY;
    for (let at = Math.ceil((last * 2) / 3); at < last; at++) {
      const around = this.#held.slice(at - 2, at + 2);
      const sum = around.reduce((total, { probability }) => total + probability, 0);
      if (sum <= lowest) [best, lowest] = [at, sum];
    }
    const stretch = this.#take(best);
    const voiced = this.#held.filter(({ probability }) => probability >= begins).length;
    if (voiced === 0) this.#speech = undefined;
    else if (this.#speech !== undefined) this.#speech.voiced = voiced;
    return stretch;
  }

  #take(count: number): Stretch {
    const start = this.#first;
    const windows = this.#held.slice(0, count).map(({ window }) => window);
    this.#drop(count);
    return { start, windows, isDraft: false };
  }

  #drop(count: number): void {
    if (count <= 0) return;
    this.#held.splice(0, count);
    this.#first += count;
  }
}
