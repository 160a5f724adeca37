import { likeliest, tf } from "@attend/runtime";
import { Beam } from "./beam.ts";
import type { Decoder, DecoderState, Hypothesis, SpecialTokens } from "./decoder.ts";
import { badOption, checkCount, disposeReplaced, rowsIn, rowsOf, suppression } from "./state.ts";

export interface BeamOptions {
  readonly beamWidth: number;
  readonly maxLength: number;
  /** alpha of GNMT's length penalty, `((5 + length) / 6)^alpha` (Wu et al. 2016, eq. 14); 0 is none. */
  readonly lengthPenalty?: number;
  /** Keep for each token where the model looked. */
  readonly attention?: boolean;
}

/**
 * Beam search for each row of an encoding: at every step the `beamWidth` best beginnings go on. A row
 * stops when it has `beamWidth` finished ones and nothing under way can overtake the best. The best never
 * scores below what greedy search finds: where the greedy path drops out of the beam it goes on in a row
 * of its own for as long as it could win. Width 1 without length penalty is greedy search.
 *
 * @returns for each row its hypotheses, best first, at most `beamWidth`
 */
export function beamSearch<Encoding, State extends DecoderState>(
  decoder: Decoder<Encoding, State>,
  encoding: Encoding,
  special: SpecialTokens,
  options: BeamOptions,
): Hypothesis[][] {
  checkOptions(options);
  const width = options.beamWidth;
  const suppressed = suppression(decoder.vocabularySize, [special.start, ...special.suppressed]);
  const first = decoder.start(encoding);
  let state = decoder.expand(first, width);
  disposeReplaced(first, state);
  const beams = Array.from({ length: rowsOf(state) / width }, () => new Beam(special, options));
  let counts = beams.map(() => width);

  for (let length = 1; length <= options.maxLength && beams.some((beam) => !beam.done); length++) {
    const stepped = tf.tidy(() => {
      const tokens = beams.flatMap((beam) => beam.lastTokens());
      const { logits, state: next, attention } = decoder.step(tf.tensor1d(tokens, "int32"), state);
      // Twice the width: even if half of them end, `width` go on.
      const count = Math.min(2 * width, decoder.vocabularySize);
      const best = likeliest(logits, suppressed, count);
      const wanted = options.attention ? attention : undefined;
      return { next, best, ...(wanted === undefined ? {} : { wanted }) };
    });
    const probabilities = rowsIn(stepped.best.probabilities);
    const looked = stepped.wanted && rowsIn(stepped.wanted);
    const rows = rowsIn(stepped.best.places).map((tokens, row) => ({
      tokens,
      probabilities: probabilities[row] ?? [],
      attention: looked?.[row],
    }));
    let offset = 0;
    const parents = beams.map((beam, b) => {
      const from = offset;
      offset += counts[b] ?? width;
      return beam.advance(rows.slice(from, offset)).map((row) => from + row);
    });
    const continued = tf.tidy(() =>
      decoder.reorder(stepped.next, tf.tensor1d(parents.flat(), "int32")),
    );
    disposeReplaced(stepped.next, continued);
    disposeReplaced(state, continued);
    tf.dispose([stepped.best, stepped.wanted ?? []]);
    state = continued;
    counts = parents.map((own) => own.length);
  }
  disposeReplaced(state, undefined);
  suppressed.dispose();
  return beams.map((beam) => beam.hypotheses());
}

function checkOptions({ beamWidth, maxLength, lengthPenalty = 0 }: BeamOptions): void {
  checkCount("beamWidth", beamWidth);
  checkCount("maxLength", maxLength);
  if (!(lengthPenalty >= 0 && lengthPenalty < Number.POSITIVE_INFINITY)) {
    throw badOption("lengthPenalty", lengthPenalty, "a number from 0 on");
  }
}
