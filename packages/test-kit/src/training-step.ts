import { tf } from "@attend/runtime";
import { expect } from "vitest";

/**
 * Fails unless a loss is finite, has a finite gradient with respect to every parameter, and is finite after a
 * step of gradient descent, which changes the parameters.
 *
 * @param parameters `module.namedParameters()`
 */
export function expectTrainingStep(
  loss: () => tf.Scalar,
  parameters: ReadonlyMap<string, tf.Variable>,
): void {
  tf.tidy(() => {
    const { value, grads } = tf.variableGrads(loss, [...parameters.values()]);
    expect(value.dataSync()[0], "loss").toSatisfy(Number.isFinite);
    for (const [name, parameter] of parameters) {
      // Null if the loss does not depend on it.
      const gradient: tf.Tensor | null = grads[parameter.name] ?? null;
      expect(gradient?.shape, `gradient of ${name}`).toEqual(parameter.shape);
      const numbers = [...(gradient?.dataSync() ?? [])];
      expect(
        numbers.filter((number) => !Number.isFinite(number)),
        `gradient of ${name}`,
      ).toEqual([]);
    }
    const optimizer = tf.train.sgd(0.1);
    optimizer.applyGradients(grads);
    optimizer.dispose();
    expect(loss().dataSync()[0], "loss after the step").toSatisfy(Number.isFinite);
  });
}
