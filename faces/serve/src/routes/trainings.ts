import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { respondWithEvents } from "../events.ts";
import {
  trainingDataSchema,
  trainingEventSchemas,
  trainingName,
  trainingRequestSchema,
  trainingSchema,
  trainingsSchema,
} from "../schemas/trainings.ts";
import type { App, Services } from "../services.ts";
import { addData } from "../trainings/add-data.ts";
import { watchTraining } from "../trainings/watch.ts";
import { error, errors, eventStream, json, jsonBody, nothing, uploadBody } from "./responses.ts";

const params = z.object({ name: trainingName });
const one = { 200: json(trainingSchema, "the training"), ...errors };
const taken = { 409: error("there is one of this name") };
const path = "/v1/trainings/{name}";

const listRoute = createRoute({
  method: "get",
  path: "/v1/trainings",
  summary: "List the trainings, the newest first",
  responses: { 200: json(trainingsSchema, "the trainings"), ...errors },
});

const startRoute = createRoute({
  method: "post",
  path: "/v1/trainings",
  summary: "Start a training, or let it wait for those before",
  request: { body: jsonBody(trainingRequestSchema) },
  responses: { 201: json(trainingSchema, "the training"), ...errors, ...taken },
});

const getRoute = createRoute({
  method: "get",
  path,
  summary: "Tell a training's state",
  request: { params },
  responses: one,
});

const eventsRoute = createRoute({
  method: "get",
  path: `${path}/events`,
  summary: "Watch a training: its steps and validations so far, then as they happen",
  request: { params },
  responses: {
    200: eventStream("what happens, until it does not run", trainingEventSchemas),
    ...errors,
  },
});

const dataRoute = createRoute({
  method: "post",
  path: `${path}/data`,
  summary:
    "Add a file, or what a .zip or .tar contains, to the data of a training that is to start",
  request: { params, body: uploadBody("file", { type: "application/*" }) },
  responses: { 200: json(trainingDataSchema, "its data"), ...errors, ...taken },
});

const stopRoute = createRoute({
  method: "post",
  path: `${path}/stop`,
  summary: "Stop a training after its current step, with a checkpoint",
  request: { params },
  responses: one,
});

const resumeRoute = createRoute({
  method: "post",
  path: `${path}/resume`,
  summary: "Continue a stopped training from its checkpoint",
  request: { params },
  responses: one,
});

const deleteRoute = createRoute({
  method: "delete",
  path,
  summary: "Delete a training that does not run: its data, checkpoints and model",
  request: { params },
  responses: { 204: nothing("it is deleted"), ...errors, 409: error("it is running") },
});

/** `/v1/trainings`. */
export function trainingRoutes(app: App, { trainings, dataUploads, uploads }: Services): void {
  app.openapi(listRoute, async (c) => c.json({ trainings: await trainings.list() }, 200));
  app.openapi(startRoute, async (c) => c.json(await trainings.start(c.req.valid("json")), 201));
  app.openapi(getRoute, async (c) => {
    return c.json(await trainings.get(c.req.valid("param").name), 200);
  });
  app.openapi(eventsRoute, async (c) => {
    const events = watchTraining(trainings, c.req.valid("param").name, c.req.raw.signal);
    return respondWithEvents(c, events, (text) => uploads.hidePaths(text));
  });
  app.openapi(dataRoute, async (c) => {
    const folder = trainings.dataFolder(c.req.valid("param").name);
    const wanted = { field: "file", type: "application/", what: "a file" };
    const { path } = await dataUploads.receive(c, wanted);
    return c.json({ files: await addData(path, folder) }, 200);
  });
  app.openapi(stopRoute, async (c) => {
    return c.json(await trainings.stop(c.req.valid("param").name), 200);
  });
  app.openapi(resumeRoute, async (c) => {
    return c.json(await trainings.resume(c.req.valid("param").name), 200);
  });
  app.openapi(deleteRoute, async (c) => {
    await trainings.delete(c.req.valid("param").name);
    return c.body(null, 204);
  });
}
