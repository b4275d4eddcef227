// Starts a strict OpenID Connect provider (oidc-provider) on loopback only, and prints one line of JSON: {"issuer": …}.
// Stops on SIGTERM, or when whoever started it goes away (stdin ends).
//
//     node serve.mjs <client id> <client secret> <redirect URI>
//
// PUT /test/person {"sub": …, …claims} says who signs in from now on, without asking.
// PUT /test/token {…claims} puts these into every ID token that follows, signed with the provider's key.

import { createServer } from "node:http";
import Provider from "oidc-provider";
import { SignJWT, decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair } from "jose";

const [clientId, clientSecret, redirectUri] = process.argv.slice(2);
const key = await generateKeyPair("RS256", { extractable: true });
const jwk = { ...(await exportJWK(key.privateKey)), use: "sig", alg: "RS256", kid: "of-the-tests" };
const people = new Map();
let person = "nobody";
let forged = {};

const server = createServer();
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const issuer = `http://127.0.0.1:${server.address().port}`;

const client = {
  client_id: clientId,
  client_secret: clientSecret,
  redirect_uris: [redirectUri],
  token_endpoint_auth_method: "client_secret_post",
};
const provider = new Provider(issuer, {
  clients: [client, { ...client, client_id: "another" }],
  jwks: { keys: [jwk] },
  cookies: { keys: ["of the tests"] },
  pkce: { required: () => true },
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "groups"] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...people.get(sub) }) }),
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope("openid email profile");
    await grant.save();
    return grant;
  },
});

provider.use(async (ctx, next) => {
  await next();
  if (ctx.path !== "/token" || !ctx.body?.id_token || !Object.keys(forged).length) return;
  const told = { ...decodeJwt(ctx.body.id_token), ...forged };
  const header = decodeProtectedHeader(ctx.body.id_token);
  ctx.body = { ...ctx.body, id_token: await new SignJWT(told).setProtectedHeader(header).sign(key.privateKey) };
});

const answer = provider.callback();
server.on("request", async (request, response) => {
  if (request.url.startsWith("/interaction/")) {
    return provider.interactionFinished(request, response, { login: { accountId: person } });
  }
  if (request.url.startsWith("/test/")) {
    let text = "";
    for await (const piece of request) text += piece;
    const { sub, ...claims } = JSON.parse(text);
    if (request.url === "/test/person") people.set((person = sub), claims);
    else forged = sub ? { sub, ...claims } : claims;
    return response.end();
  }
  return answer(request, response);
});

process.on("SIGTERM", () => process.exit(0));
process.stdin.on("end", () => process.exit(0)).resume();
console.log(JSON.stringify({ issuer }));
