import { createServer, type Server, type ServerOptions } from "@attend/serve";

/** The first port that is tried, and how many before any free one is taken. */
const firstPort = 4747;
const tries = 10;

/**
 * Starts the server on a port, by default the first that is free from 4747 on.
 *
 * @throws AttendError BAD_ARGUMENT if the port that was asked for is taken
 */
export async function startServer(
  port: number | undefined,
  options: ServerOptions,
): Promise<Server> {
  if (port !== undefined) return createServer({ ...options, port });
  for (let next = firstPort; next < firstPort + tries; next += 1) {
    try {
      return await createServer({ ...options, port: next });
    } catch (thrown) {
      if (!isTaken(thrown)) throw thrown;
    }
  }
  return createServer({ ...options, port: 0 });
}

function isTaken(thrown: unknown): boolean {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE";
}
