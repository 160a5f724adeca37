/** A network between machines. */
export interface Network {
  /** Of a message, in seconds: alpha. */
  readonly latency: number;
  /** In seconds: beta. */
  readonly secondsPerByte: number;
}

/** An update of one machine. */
export interface Update {
  /** Seconds of its own batch. */
  readonly computing: number;
  /** Bytes of its gradients. */
  readonly bytes: number;
}

/** Of what TCP over Ethernet carries, 1,448 of 1,538 bytes are ours. */
const payload = 1448 / 1538;

/** Ethernet of a speed in gigabits a second. @param latency of a message, in seconds */
export function ethernet(gigabits: number, latency = 50e-6): Network {
  return { latency, secondsPerByte: 8 / (gigabits * 1e9 * payload) };
}

/**
 * Seconds of an all-reduce by halving and doubling, in which machines exchange a half, a quarter, an eighth of the gradients and so
 * on, and then the sums in the opposite order (Thakur et al. 2005, Rabenseifner's algorithm): `2 log N alpha + 2 (N - 1) / N n beta`.
 */
export function allReduceSeconds(
  machines: number,
  bytes: number,
  { latency, secondsPerByte }: Network,
): number {
  const sent = (2 * (machines - 1)) / machines;
  return 2 * rounds(machines) * latency + sent * bytes * secondsPerByte;
}

/** In how many rounds of messages each machine hears of all others. */
function rounds(machines: number): number {
  return Math.ceil(Math.log2(machines));
}

/** The barriers, and what is gathered: losses and states. Each takes messages in as many rounds as N has binary digits. */
const smallExchanges = 7;

/** Seconds of an update of several machines, each with a batch of its own. */
export function updateSeconds(
  machines: number,
  { computing, bytes }: Update,
  network: Network,
): number {
  const small = smallExchanges * rounds(machines) * network.latency;
  return computing + small + allReduceSeconds(machines, bytes, network);
}

/** The part of the time in which machines compute: N machines are as fast as `N * efficiency`. */
export function efficiency(machines: number, update: Update, network: Network): number {
  return update.computing / updateSeconds(machines, update, network);
}

/** The most machines with at least an efficiency; 1 if two have less, undefined if there is no end below a million. */
export function mostMachines(update: Update, network: Network, least: number): number | undefined {
  let [enough, tooMany] = [1, 1_000_000];
  if (efficiency(tooMany, update, network) >= least) return undefined;
  while (tooMany - enough > 1) {
    const middle = Math.floor((enough + tooMany) / 2);
    if (efficiency(middle, update, network) >= least) enough = middle;
    else tooMany = middle;
  }
  return enough;
}
