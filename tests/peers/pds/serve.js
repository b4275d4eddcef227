// Starts the official PDS with a PLC directory of its own, on loopback only, and prints one line of JSON:
// {"url": ..., "bypass": ...}; requests with the header x-ratelimit-bypass: <bypass> meet no rate limit. Stops on SIGTERM, or when whoever started it goes away (stdin ends).
//
//     node serve.js <empty data folder> <port> <port of the directory>

const { randomBytes } = require("node:crypto");
const net = require("node:net");
const path = require("node:path");
const { PDS, envToCfg, envToSecrets } = require("@atproto/pds");
const plc = require("@did-plc/server");

// Both servers listen on every interface and offer no setting for it.
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (first, ...rest) {
  if (typeof first === "number") return listen.call(this, first, "127.0.0.1", ...rest);
  if (first && typeof first === "object" && "port" in first) {
    return listen.call(this, { ...first, host: "127.0.0.1" }, ...rest);
  }
  return listen.call(this, first, ...rest);
};

// A sign-in lasts 350 ms, so that its time tells nothing about the password. Here nobody guesses, and tests sign in a lot.
const waiting = require(path.join(path.dirname(require.resolve("@atproto/common-web")), "util.js"));
const { wait } = waiting;
waiting.wait = (ms) => wait(ms <= 350 ? 0 : ms);

async function main() {
  const data = process.argv[2];
  const [port, plcPort] = process.argv.slice(3).map(Number);

  const directory = plc.PlcServer.create({ db: plc.Database.mock(), port: plcPort });
  await directory.start();

  const bypass = randomBytes(16).toString("hex");
  const env = {
    port,
    hostname: "localhost",
    devMode: true,
    dataDirectory: data,
    blobstoreDiskLocation: path.join(data, "blobs"),
    blobstoreDiskTmpLocation: path.join(data, "blobs-tmp"),
    didPlcUrl: `http://127.0.0.1:${plcPort}`,
    serviceHandleDomains: [".test"],
    enableDidDocWithSession: true,
    inviteRequired: false,
    rateLimitsEnabled: true,
    rateLimitBypassKey: bypass,
    crawlers: [],
    disableSsrfProtection: true,
    resolverTimeout: 1000,
    jwtSecret: randomBytes(16).toString("hex"),
    adminPassword: randomBytes(16).toString("hex"),
    plcRotationKeyK256PrivateKeyHex: randomBytes(32).toString("hex"),
  };
  const pds = await PDS.create(envToCfg(env), envToSecrets(env));
  await pds.start();

  let stopping = false;
  async function stop() {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(0), 2000).unref();
    await Promise.allSettled([pds.destroy(), directory.destroy()]);
    process.exit(0);
  }
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  process.stdin.on("end", stop).resume();

  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}`, bypass }));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
