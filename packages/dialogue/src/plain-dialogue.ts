import type { SourceBatch } from "@attend/decoding";
import { type Random, tf } from "@attend/runtime";
import type { Seq2seqEncoding } from "@attend/seq2seq";
import { DialogueNetwork, type Listener } from "./dialogue-network.ts";
import { historiesOf, padded, type Turn, turnsIn } from "./turns.ts";

/** A sequence-to-sequence network from the last turns, joined, to the reply (Vinyals & Le 2015). */
export class PlainDialogue extends DialogueNetwork {
  override encode(source: SourceBatch, options?: { random?: Random | undefined }): Seq2seqEncoding {
    return this.#encodeTurns(turnsIn(source, this.dialogue.end), options);
  }

  encodeHistories(
    conversations: readonly (readonly Turn[])[],
    options?: { random?: Random | undefined },
  ): Seq2seqEncoding {
    return this.#encodeTurns(historiesOf(conversations, this.dialogue.end), options);
  }

  listen(): Listener {
    const { turns, end } = this.dialogue;
    let heard: Turn[] = [];
    return {
      hear: (turn) => {
        heard = [...heard, [...turn, end]].slice(-turns);
      },
      encoding: () => this.#encodeTurns([heard.length > 0 ? heard : [[end]]]),
      dispose: () => {
        heard = [];
      },
    };
  }

  #encodeTurns(
    histories: readonly (readonly Turn[])[],
    options?: { random?: Random | undefined },
  ): Seq2seqEncoding {
    const { turns, end } = this.dialogue;
    return tf.tidy(() => {
      const joined = histories.map((history) => history.slice(-turns).flat());
      return super.encode(padded(joined, end), options);
    });
  }
}
