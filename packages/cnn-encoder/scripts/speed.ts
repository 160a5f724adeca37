/**
 * Time of EfficientNet-Lite0 in milliseconds, forward (folded) and forward with backward (frozen
 * statistics), and peak memory of the process; speed.py measures PyTorch:
 *
 *     pnpm exec tsx --conditions=@attend/source scripts/speed.ts [train [trainableFrom]]
 *     python scripts/speed.py ../shared/models/efficientnet-lite0/model.safetensors [train]
 */

import { createEfficientNetLite } from "@attend/cnn-encoder";
import { createRandom, loadEngine, tf } from "@attend/runtime";

const engine = await loadEngine();
const [mode, from] = process.argv.slice(2);
const unfolded = createEfficientNetLite({ variant: 0 }, createRandom(1));
const folded = unfolded.fold();

function measure(name: string, run: () => tf.Tensor, count: number): void {
  const times: number[] = [];
  const cpus: number[] = [];
  for (let i = 0; i < count + 2; i++) {
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    const result = run();
    result.dataSync();
    result.dispose();
    const used = process.cpuUsage(cpu);
    if (i < 2) continue;
    times.push(performance.now() - start);
    cpus.push((used.user + used.system) / 1000);
  }
  times.sort((a, b) => a - b);
  cpus.sort((a, b) => a - b);
  const ms = (value: number | undefined) => `${value?.toFixed(1).padStart(8)} ms`;
  const peak = (process.resourceUsage().maxRSS / 2 ** 20).toFixed(2);
  process.stdout.write(
    `${`${engine.name} ${name}`.padEnd(46)} median ${ms(times[count >> 1])}  best ${ms(times[0])}  least cpu ${ms(cpus[0])}  peak ${peak} GiB\n`,
  );
}

const pictures = (batch: number): tf.Tensor4D =>
  tf.randomNormal([batch, 224, 224, 3], 0, 1, "float32", 1);

if (mode !== "train") {
  for (const batch of [1, 16, 32]) {
    const input = pictures(batch);
    measure(
      `forward ${batch}`,
      () => tf.tidy(() => folded.encode(input).pooled),
      batch === 1 ? 30 : 6,
    );
    input.dispose();
  }
} else {
  const trainableFrom = Number(from ?? 0);
  const parameters = [...unfolded.trainableParameters().values()];
  for (const batch of [16, 32]) {
    const input = pictures(batch);
    measure(
      `forward+backward ${batch} from ${trainableFrom}`,
      () => {
        const loss = () =>
          tf.mean(tf.square(unfolded.encode(input, { trainableFrom }).map)) as tf.Scalar;
        const { value, grads } = tf.variableGrads(loss, parameters);
        tf.dispose(grads);
        return value;
      },
      4,
    );
    input.dispose();
  }
}
